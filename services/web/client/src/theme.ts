import { createTheme } from "@mantine/core";

// Colours stay Mantine's own, because default-css-variables.css is made of them; console.css makes them readable.
export const theme = createTheme({
  primaryColor: "indigo",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
});
