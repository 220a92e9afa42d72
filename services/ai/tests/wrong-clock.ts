// Loaded before the service: whatever it asks, its calendar is an hour off. What libfaketime does, without the package.
const HOUR_MS = 3_600_000;
const offMs = process.env["CLOCK_IS_OFF"] === "behind" ? -HOUR_MS : HOUR_MS;
const RightDate = Date;

globalThis.Date = new Proxy(RightDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [RightDate.now() + offMs] : given, newTarget),
  get: (target, name, receiver) =>
    name === "now" ? () => RightDate.now() + offMs : Reflect.get(target, name, receiver),
});
