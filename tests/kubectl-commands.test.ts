import { describe, expect, it } from "@jest/globals";
import { objectsIn, pagesWithCommands } from "./setup/kubectl-commands.ts";

const HOW_TO_SET_THEM = "docs/operations/operator.md";

const takesVariables = (command: string) => /\$["{]?[NR]\b/.test(command);

/** Names begin with the chart's fullname, which is the release's only where that has the chart's name in it. */
const namesByRelease = (command: string) => /<(release|fullname)>-/.test(command);

// `deploy/…-web` is a manner of speaking, not to be pasted.
const looksIntoNamespace = (command: string) =>
  objectsIn(command).length > 0 || / -l |\b(deploy|job|cronjob)\/[^…]/.test(command);

// That the objects are there is seen where helm is: tests/chart/kubectl-commands.chart.test.ts.
describe("a command for kubectl can be pasted", () => {
  it.each(pagesWithCommands)("$path", ({ path, text, commands }) => {
    const byRelease = commands.filter(namesByRelease);
    const anywhere = commands.filter((command) => looksIntoNamespace(command) && !/ -n \S/.test(command));
    expect({ byRelease, anywhere }).toEqual({ byRelease: [], anywhere: [] });
    if (!commands.some(takesVariables)) return;
    expect(text).toContain(path === HOW_TO_SET_THEM ? "\nR=$(kubectl" : "operator.md#namespace-and-name)");
  });
});
