import { useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";

/** A page that was opened begins at its top, for eyes and screen readers; going back stays where one was. */
export function useTopOfNewPage<Content extends HTMLElement>() {
  const content = useRef<Content>(null);
  const { key } = useLocation();
  const how = useNavigationType();
  useEffect(() => {
    // The key of the page the browser itself has loaded.
    if (how === "POP" || key === "default") return;
    window.scrollTo(0, 0);
    content.current?.focus({ preventScroll: true });
  }, [key, how]);
  return content;
}
