import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type DescriptorProto, type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

// Numbers of `message_type` in a file and of `field` in a message: paths of comments are made of them.
const MESSAGE = 4;
const FIELD = 2;

/** The events catalogue: every message of proto/botfactory/events/v1 with its comments, as Markdown. */
export function eventsReference(repository: string): string {
  const binary = execFileSync("buf", ["build", "--as-file-descriptor-set", "-o", "-"], {
    cwd: join(repository, "proto"),
  });
  const files = fromBinary(FileDescriptorSetSchema, binary).file;
  const ours = files.filter(({ name }) => name.startsWith("botfactory/events/v1/"));
  return [
    "# Events",
    "",
    "Generated from `proto/botfactory/events/v1` by `make reference`. The log is the only truth; how it is used stands in",
    "[architecture.md](architecture.md). `make events` prints a running installation's log.",
    "",
    "Each event lies in the log as protobuf bytes with the headers `ce-id`, `ce-type`, `ce-source`, `ce-time`, `ce-subject`,",
    "`ce-specversion`, `content-type`, `traceparent`, and `ce-version` (1, 2, 3 … in its subject) and `ce-hash`, which binds it to",
    "all events of its subject before it ([0017](adr/0017-a-damaged-log-is-noticed.md)).",
    ...ours.flatMap(catalogue),
    "",
  ].join("\n");
}

function catalogue(file: FileDescriptorProto): string[] {
  const wrappers = file.messageType.filter(({ oneofDecl }) => oneofDecl.some(({ name }) => name === "event"));
  const about = file.sourceCodeInfo?.location.find(({ path }) => path.length === 1 && path[0] === 2);
  return wrappers.flatMap((wrapper) => [
    "",
    `## ${wrapper.name}`,
    "",
    line(about?.leadingComments ?? ""),
    "",
    "| Event | What happened | Fields |",
    "| --- | --- | --- |",
    ...wrapper.field.map(({ typeName }) => row(file, typeName.split(".").at(-1) ?? "")),
  ]);
}

function row(file: FileDescriptorProto, name: string): string {
  const index = file.messageType.findIndex((message) => message.name === name);
  const message: DescriptorProto | undefined = file.messageType[index];
  const fields = message?.field.map(
    (field, at) => `\`${field.name}\` ${comment(file, [MESSAGE, index, FIELD, at]).replace(/\.$/, "")}`,
  );
  return `| \`${name}\` | ${comment(file, [MESSAGE, index])} | ${fields?.join("; ")} |`;
}

function comment(file: FileDescriptorProto, path: readonly number[]): string {
  const found = file.sourceCodeInfo?.location.find((location) => location.path.join() === path.join());
  return line(found?.leadingComments ?? "");
}

const line = (text: string) =>
  text
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|");
