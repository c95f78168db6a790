import { App, Chart, Names, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Refusal } from '../authoring/refusal';

/**
 * The file of an object, without its extension, where an App writes one for each: kind and name without odd characters; neither group nor
 * namespace count.
 */
export function fileName(object: unknown): string {
  const { kind, metadata } = Object(object) as { readonly kind?: unknown; readonly metadata?: unknown };
  const { name } = Object(metadata) as { readonly name?: unknown };
  return `${String(kind)}.${String(name)}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

/** Whether an App writes a file for each object. */
export function writesFilePerObject(root: IConstruct): boolean {
  const { yamlOutputType } = root as Partial<App>;
  return yamlOutputType === YamlOutputType.FILE_PER_RESOURCE || yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
}

/** Charts whose file or folder would be that of a verifier's chart. */
export function chartsWithFileOf(chart: Chart): Refusal[] {
  const { yamlOutputType } = chart.node.root as Partial<App>;
  if (yamlOutputType !== YamlOutputType.FILE_PER_CHART && yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    return [];
  }
  const file = Names.toDnsLabel(chart);
  return chart.node.root.node.findAll().filter((other) => other !== chart && Chart.isChart(other) && Names.toDnsLabel(other) === file).map((other) => ({
    code: 'SAME_FILE',
    path: other.node.path,
    problem: `its file would be that of the chart ${chart.node.path}, "${file}"; whichever is written last is all that is left`,
    remedy: 'Give this chart another id.',
  }));
}
