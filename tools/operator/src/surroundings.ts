/** What a command knows of where it runs. */
export interface Surroundings {
  /** Prints a line. */
  readonly say: (line: string) => void;
  /** The product that runs here, when neither an option nor the environment names one; fails with what to do where none does. */
  running(): Promise<{ readonly nats: string; readonly mongodb?: string | undefined }>;
  /** The variables that the services have. */
  environment(): Promise<NodeJS.ProcessEnv>;
}

/** Where the log and the documents are. */
export interface Addresses {
  readonly natsUrl: string;
  readonly mongodbUrl?: string | undefined;
}

export interface GivenAddresses {
  readonly nats?: string | undefined;
  readonly mongodb?: string | undefined;
}

/** What is given, else what the environment says, else what runs here. A log that is given stands for itself. */
export async function addressesOf(
  { running }: Pick<Surroundings, "running">,
  given: GivenAddresses,
): Promise<Addresses> {
  const { NATS_URL, MONGODB_URL } = process.env;
  const mongodbUrl = given.mongodb ?? (MONGODB_URL || undefined);
  const natsUrl = given.nats ?? (NATS_URL || undefined);
  if (natsUrl !== undefined) return { natsUrl, mongodbUrl };
  const { nats, mongodb } = await running();
  return { natsUrl: nats, mongodbUrl: mongodbUrl ?? mongodb };
}

/** The same for what cannot do without documents. */
export async function addressesWithDocuments(
  surroundings: Pick<Surroundings, "running">,
  given: GivenAddresses = {},
): Promise<Required<Addresses> & { readonly mongodbUrl: string }> {
  const { natsUrl, mongodbUrl } = await addressesOf(surroundings, given);
  if (mongodbUrl === undefined) throw new Error("MONGODB_URL is not set: it must say where the documents are");
  return { natsUrl, mongodbUrl };
}
