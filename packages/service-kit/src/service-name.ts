/** OTEL_SERVICE_NAME, else the folder under services/ the program was started from, else the product's name. */
export function serviceName(env: NodeJS.ProcessEnv, program: string | undefined): string {
  return env["OTEL_SERVICE_NAME"] || /[\\/]services[\\/]([a-z-]+)[\\/]/.exec(program ?? "")?.[1] || "botfactory";
}
