/** Whether an argument names topics and no file. */
export function isKafkaUrl(name: string): boolean {
  return /^kafka:/i.test(name);
}
