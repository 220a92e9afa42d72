type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Puts variables into this process's environment, from where a stack takes its neighbours, and takes out those that are
 * undefined; gives it back afterwards.
 */
export function setEnvironment(variables: Variables): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  assign(variables);
  return () => assign(before);
}

function assign(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
