// A page for each command: npm run cli-docs writes docs/cli/**/*.md, npm run cli-docs -- --check fails when they differ.
// Everything on a page is what the command itself says: its options, and what its --help has above and below them.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cabbyCommands } from "../src/cli/cabby/index.ts";
import { processEnvironment } from "../src/cli/environment.ts";
import { libtaxiiCommands } from "../src/cli/libtaxii/index.ts";
import { taxiiCommand } from "../src/cli/program.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "docs/cli");
const check = process.argv.includes("--check");

// Paragraphs are not wrapped here.
const base = processEnvironment();
const environment = { ...base, output: { ...base.output, columns: 100_000 } };
const taxii = await taxiiCommand(environment);
const sections = [
  { folder: "taxii", title: "taxii", commands: visible(taxii), of: "the program `taxii`" },
  {
    folder: "libtaxii",
    title: "libtaxii's scripts",
    commands: made(libtaxiiCommands),
    of: "a namesake of one of libtaxii's scripts; see [what is different](../../from-libtaxii.md)",
  },
  {
    folder: "cabby",
    title: "cabby's commands",
    commands: made(cabbyCommands),
    of: "a namesake of one of cabby's commands; see [what is different](../../from-cabby.md)",
  },
];

function made(commands) {
  return Object.values(commands).map((make) => make(environment));
}

function visible(program) {
  return program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== "help");
}

const pages = new Map([["README.md", index()]]);
for (const { folder: name, commands, of } of sections) {
  for (const command of commands) pages.set(`${name}/${command.name()}.md`, page(command, of));
}

function index() {
  const lists = sections.map(({ folder: name, title, commands }) => {
    const lines = commands.map((command) => `| [${command.name()}](${name}/${command.name()}.md) | ${cell(command.description())} |`);
    return `## ${title}\n\n| command | |\n| --- | --- |\n${lines.join("\n")}`;
  });
  return join_(["# Commands", "Made by `npm run cli-docs` from the commands themselves.", ...about(taxii), ...lists]);
}

function page(command, of) {
  const path = pathOf(command);
  return join_([
    `# ${path}`,
    `${command.description()}\n\nThis is ${of}. The page is made by \`npm run cli-docs\` from the command itself.`,
    fence(`${path} ${command.usage()}`, "sh"),
    ...argumentsOf(command),
    ...optionsOf(command),
    ...about(command),
  ]);
}

function pathOf(command) {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function argumentsOf(command) {
  const rows = command.createHelp().visibleArguments(command);
  if (rows.length === 0) return [];
  const lines = rows.map((argument) => `| \`${argument.name()}\` | ${cell(command.createHelp().argumentDescription(argument))} |`);
  return [`## Arguments\n\n| argument | |\n| --- | --- |\n${lines.join("\n")}`];
}

/** The options, by the heading they have in --help. */
function optionsOf(command) {
  const help = command.createHelp();
  const groups = new Map();
  for (const option of help.visibleOptions(command)) {
    const heading = option.helpGroupHeading ?? "Options:";
    groups.set(heading, [...(groups.get(heading) ?? []), option]);
  }
  return [...groups].map(([heading, options]) => {
    const lines = options.map((option) => `| \`${option.flags}\` | ${cell(help.optionDescription(option))} |`);
    return `## ${heading.replace(/:$/, "")}\n\n| option | |\n| --- | --- |\n${lines.join("\n")}`;
  });
}

/** What --help says below the options: headed lists become sections, examples a block. */
function about(command) {
  const paragraphs = textBelow(command)
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== "");
  return paragraphs.map((text) => {
    const [first = "", ...rest] = text.split("\n");
    const heading = /^(\w[^:]*):$/.exec(first)?.[1];
    if (heading === undefined || rest.length === 0) return /^\s/m.test(text) ? fence(text) : text;
    const body = rest.map((line) => line.replace(/^ {2}/, "")).join("\n");
    if (heading === "Exit codes") return `## ${heading}\n\n${table(["code", ""], rest)}`;
    return `## ${heading}\n\n${fence(body, heading.startsWith("Example") ? "sh" : "text")}`;
  });
}

function table(titles, lines) {
  const rows = lines.map((line) => {
    const [, code, text] = /^\s*(\S+)\s+(.*)$/.exec(line) ?? [];
    return `| ${code} | ${cell(text ?? "")} |`;
  });
  return `| ${titles.join(" | ")} |\n| --- | --- |\n${rows.join("\n")}`;
}

/** addHelpText writes when help is put out, and is not part of helpInformation. */
function textBelow(command) {
  let written = "";
  const configuration = command.configureOutput();
  command.configureOutput({ ...configuration, writeOut: (text) => (written += text) });
  command.outputHelp();
  command.configureOutput(configuration);
  const information = command.helpInformation();
  return written.slice(written.indexOf(information) + information.length).trim();
}

function cell(text) {
  return text.replace(/[|<>*_\\]/g, "\\$&").replace(/\s+/g, " ");
}

function fence(text, language = "text") {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function join_(parts) {
  return `${parts.join("\n\n")}\n`;
}

const existing = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  : [];
const differing = [
  ...existing.filter((name) => !pages.has(name)),
  ...[...pages]
    .filter(([name, text]) => !existing.includes(name) || readFileSync(join(folder, name), "utf8") !== text)
    .map(([name]) => name),
];
for (const name of differing) {
  const path = join(folder, name);
  const text = pages.get(name);
  if (check) console.error(`The page of a command differs: ${relative(root, path)}. Run: npm run cli-docs`);
  else if (text === undefined) rmSync(path);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (!check) console.log(`${pages.size} pages, ${differing.length} changed`);
process.exitCode = check && differing.length > 0 ? 1 : 0;
