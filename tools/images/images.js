/** Every image by its name: the workspace it is made from. Five services, and the stand-ins for Telegram and Gemini. */
export const IMAGES = {
  ingress: "services/ingress",
  bots: "services/bots",
  ai: "services/ai",
  conversation: "services/conversation",
  web: "services/web",
  simulator: "tools/simulator",
  infrastructure: "tools/infrastructure",
};
