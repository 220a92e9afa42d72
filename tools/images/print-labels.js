// The labels of an image, one a line, for the release's workflow: node tools/images/print-labels.js ai
import { labelsOf } from "./labels.js";

process.stdout.write(`${labelsOf(process.argv[2]).join("\n")}\n`);
