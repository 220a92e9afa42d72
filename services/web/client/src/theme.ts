import { createTheme } from "@mantine/core";

// Colours stay Mantine's own, because default-css-variables.css is made of them.
export const theme = createTheme({
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
});
