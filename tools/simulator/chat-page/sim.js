/** Calls the simulator's control API; rejects with its explanation. */
export async function sim(method, path, body) {
  const response = await fetch(`/sim${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}
