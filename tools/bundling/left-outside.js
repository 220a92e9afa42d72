/** Packages that no bundle holds: they read files from beside themselves. Images install them. */
export const LEFT_OUTSIDE = ["grpc-health-check"];
