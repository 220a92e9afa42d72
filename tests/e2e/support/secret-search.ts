/** Secrets by their names, looked for in bytes in every form a program would write them in. */
export function secretSearch(secrets: Readonly<Record<string, string>>) {
  const sought = Object.entries(secrets).map(([name, secret]) => ({ name, forms: formsOf(secret) }));
  /** Names of the secrets that are somewhere in the bytes. */
  return (bytes: Buffer): string[] =>
    sought.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ name }) => name);
}

const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

function formsOf(secret: string): Buffer[] {
  const text = Buffer.from(secret);
  const contents = BASE64_KEY.test(secret) ? [text, Buffer.from(secret, "base64")] : [text];
  const written = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].map((form) => Buffer.from(form));
  return [...written, ...contents.flatMap((bytes) => [bytes, Buffer.from(bytes.toString("hex")), ...base64Of(bytes)])];
}

/** Inside something longer a secret begins at any of three places in base64; groups shared with neighbours are left out. */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const own = whole.slice(shift === 0 ? 0 : 4, -4);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")].map((form) => Buffer.from(form));
  });
}
