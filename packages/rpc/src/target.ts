/** Turns `host:port`, `http://host:port` or any gRPC target into the target to dial; names are resolved by DNS. */
export function grpcTarget(url: string): string {
  const address = url.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  return /^[a-z0-9-]+:\/{2,3}|^(dns|unix|ipv4|ipv6):/.test(address) ? address : `dns:///${address}`;
}
