const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Whether an id can stand between two dots of a subject and widens nothing: NATS stores a subject like `updates.*.*`, too. */
export function isSubjectToken(id: string): boolean {
  return TOKEN.test(id);
}
