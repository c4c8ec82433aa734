import { type FieldType, logFields } from '../log-fields.ts';
import type { Json } from './lens.ts';

/** Lucene takes no term above 32766 bytes; a character is 4 bytes at most. */
const LONGEST = 8191;

const keyword = { type: 'keyword', ignore_above: LONGEST };

function mapping(type: FieldType): Json {
  if (type === 'keyword') return keyword;
  return type === 'double' ? { type, ignore_malformed: true } : { type };
}

/**
 * An index template for fluentd's daily indices, body of `PUT _index_template/mirrormon`: the Operator's fields as
 * keywords, which the dashboards group by, where Elasticsearch by itself would make them full texts. Other programs'
 * records are in the same indices, so names that they may use otherwise (`timestamp`, `target`, `span`) are left alone;
 * only whole numbers in spans are keywords, as in the fields, since they are ids of 64 bits.
 */
export function kibanaTemplate(): Json {
  const fields = Object.entries(logFields).map(([name, type]) => [name, mapping(type)]);
  return {
    index_patterns: ['logstash-*'],
    // above Elasticsearch's own templates; of templates for the same indices only the highest counts
    priority: 200,
    template: {
      mappings: {
        dynamic_templates: [
          {
            operator_fields: { path_match: 'fields.*', match_mapping_type: 'string', mapping: keyword },
          },
          // ids of 64 bits are above what long holds: as such they would have Elasticsearch refuse the whole record
          ...['fields.*_id', 'span.*', 'spans.*'].map((path) => ({
            [`ids_in_${path.replace(/\W+/g, '_').replace(/_$/, '')}`]: {
              path_match: path,
              match_mapping_type: 'long',
              mapping: keyword,
            },
          })),
        ],
        properties: {
          '@timestamp': { type: 'date' },
          level: keyword,
          fields: { properties: Object.fromEntries(fields) },
          kubernetes: { properties: { namespace_name: keyword, container_name: keyword, pod_name: keyword } },
        },
      },
    },
    _meta: { description: "mirrormon: the mirrord Operator's log fields as keywords" },
  };
}
