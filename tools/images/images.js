/** Every image by its name: the workspace it is made from. Five services, what looks after them, and the stand-ins for Telegram and Gemini. */
export const IMAGES = {
  ingress: "services/ingress",
  bots: "services/bots",
  ai: "services/ai",
  conversation: "services/conversation",
  web: "services/web",
  operator: "tools/operator",
  simulator: "tools/simulator",
  infrastructure: "tools/infrastructure",
};

/** Where the recipe has a last step for one image alone. */
export const TARGETS = { operator: "operator" };
