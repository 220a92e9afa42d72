/** What was started, to be stopped in the reverse order. */
export function startedParts() {
  const stops: (() => unknown)[] = [];
  return {
    async started<Part>(starting: Part | Promise<Part>, stop: (part: Part) => unknown): Promise<Part> {
      const part = await starting;
      stops.push(() => stop(part));
      return part;
    },
    async stop(): Promise<void> {
      for (const end of stops.splice(0).reverse()) await end();
    },
  };
}
