/** What is used of Kafka's client. The command line has it as one file: see .ci/bundle.mjs. */
export {
  Admin,
  Consumer,
  compatibilityPartitioner,
  compressionsAlgorithms,
  crc32c,
  createAPI,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
  Producer,
  ProtocolError,
  Reader,
} from '@platformatic/kafka';
