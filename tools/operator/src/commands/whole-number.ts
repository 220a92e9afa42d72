import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number within bounds; tells them where it is none. */
export function wholeNumber({ from, to = Number.MAX_SAFE_INTEGER }: { from: number; to?: number }) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= from && number <= to) return number;
    throw new InvalidArgumentError(
      `Give a whole number from ${from} on${to < Number.MAX_SAFE_INTEGER ? ` to ${to}` : ""}.`,
    );
  };
}
