/** Packages that no bundle holds: they read files from beside themselves. Images install them. */
export const LEFT_OUTSIDE = ["grpc-health-check"];

/** Packages that are asked for where they are there, and are here by our tests alone: no service has them. */
export const NOT_TAKEN = ["supports-color"];
