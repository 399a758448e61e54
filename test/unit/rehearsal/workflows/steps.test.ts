import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchFolder } from "../../../support/scratch.ts";
import { aRunner } from "../../../support/workflow-runner.ts";

interface Pushed {
  steps: string;
  /** Further lines of the job, indented by four. */
  job?: string;
  files?: Record<string, string>;
  secrets?: Record<string, string>;
  actions?: string;
}

/** A push that runs one job of these steps: how it ended, and what its steps printed. */
async function pushed({ steps, job: lines = "", files = {}, ...options }: Pushed) {
  const { push, runs, jobs, repository } = await aRunner(options);
  const indented = steps.trim().replaceAll("\n", "\n      ");
  const text = `on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n${lines}    steps:\n      ${indented}\n`;
  push("main", { ".github/workflows/w.yml": text, ...files });
  const [run] = await runs("w.yml");
  const [job] = jobs(run);
  const logs = (job?.steps ?? []).map(({ log }) => (log === null ? "" : readFileSync(log, "utf8")));
  const check = repository.checkRuns.get(job?.check_run_id ?? 0);
  return { run, job, log: logs.join(""), conclusions: job?.steps.map(({ conclusion }) => conclusion), check };
}

it("runs scripts in bash and stops at the first command that fails", async () => {
  const { run, conclusions, log } = await pushed({
    steps: "- run: echo one\n- run: |\n    false\n    echo two\n- run: echo three",
  });
  expect(run).toMatchObject({ status: "completed", conclusion: "failure" });
  expect(conclusions).toEqual(["success", "failure", "skipped"]);
  expect(log).toContain("\none\n");
  expect(log).not.toContain("\ntwo\n");
});

it("fails within pipes only where bash is asked for by name", async () => {
  const { conclusions } = await pushed({ steps: "- run: false | true\n- run: false | true\n  shell: bash" });
  expect(conclusions).toEqual(["success", "failure"]);
});

it("hands outputs, variables and PATH from step to step", async () => {
  const { run, log } = await pushed({
    steps: [
      "- id: first",
      "  run: |",
      '    echo "word=hello" >> "$GITHUB_OUTPUT"',
      '    printf "lines<<END\\none\\ntwo\\nEND\\n" >> "$GITHUB_OUTPUT"',
      '    echo "COLOUR=green" >> "$GITHUB_ENV"',
      '    mkdir tools && printf "#!/bin/sh\\necho my tool" > tools/mine && chmod +x tools/mine',
      '    echo "$PWD/tools" >> "$GITHUB_PATH"',
      "- env:",
      "    WORD: ${{ steps.first.outputs.word }}",
      "  run: |",
      "    echo \"$WORD $COLOUR ${{ env.COLOUR }}\" '${{ toJSON(steps.first.outputs.lines) }}'",
      "    mine",
    ].join("\n"),
  });
  expect(run?.conclusion).toBe("success");
  expect(log).toContain('hello green green "one\\ntwo"');
  expect(log).toContain("\nmy tool\n");
});

it("asks for success unless a step's if says otherwise", async () => {
  const { conclusions } = await pushed({
    steps: [
      "- id: broken",
      "  run: exit 3",
      "- run: echo usual",
      "- if: github.event_name == 'push'",
      "  run: echo still usual",
      "- if: failure() && steps.broken.outcome == 'failure'",
      "  run: echo cleaning",
      "- if: ${{ always() }}",
      "  run: echo always",
      "- if: cancelled()",
      "  run: echo cancelled",
    ].join("\n"),
  });
  expect(conclusions).toEqual(["failure", "skipped", "skipped", "success", "success", "skipped"]);
});

it("goes on after a step that may fail, and tells its outcome from its conclusion", async () => {
  const { run, log } = await pushed({
    steps: [
      "- id: maybe",
      "  continue-on-error: true",
      "  run: exit 1",
      '- run: echo "${{ steps.maybe.outcome }} ${{ steps.maybe.conclusion }}"',
    ].join("\n"),
  });
  expect(run?.conclusion).toBe("success");
  expect(log).toContain("\nfailure success\n");
});

it("ends a step that takes longer than its timeout, with what it started", async () => {
  const { conclusions, log } = await pushed({ steps: "- timeout-minutes: 0.005\n  run: sleep 60 & wait" });
  expect(conclusions).toEqual(["failure"]);
  expect(log).toContain("error: it took longer than its timeout-minutes");
});

it("masks secrets, and whatever a step asks to be masked", async () => {
  const { log } = await pushed({
    secrets: { KEY: "open-sesame" },
    steps: [
      '- run: echo "the key is ${{ secrets.KEY }}, the token ${{ github.token }}"',
      '- run: printf "::add-mask::hunt%s\\n" er2',
      "- run: echo it is hunter2",
    ].join("\n"),
  });
  expect(log).toContain("the key is ***, the token ***");
  expect(log).toContain("it is ***");
  expect(log).not.toMatch(/open-sesame|hunter2|ghs_/);
});

it("takes annotations from commands, and none while commands are stopped", async () => {
  const { check } = await pushed({
    steps: [
      "- run: |",
      '    echo "::error file=model.yml,line=3,title=Gate::too low%0Aby far"',
      '    echo "::stop-commands::pause"',
      '    echo "::error::not one"',
      '    echo "::pause::"',
      '    echo "::warning::careful"',
    ].join("\n"),
  });
  expect(check?.annotations).toMatchObject([
    { path: "model.yml", start_line: 3, title: "Gate", annotation_level: "failure", message: "too low\nby far" },
    { path: ".github", annotation_level: "warning", message: "careful" },
  ]);
});

it("gives a script nothing of the person's environment, and the services of Actions to actions alone", async () => {
  process.env.MLOPS_TEST_PERSONAL = "private";
  const { log } = await pushed({ steps: "- run: env" }).finally(() => delete process.env.MLOPS_TEST_PERSONAL);
  expect(log).not.toMatch(/MLOPS_TEST_PERSONAL|ACTIONS_RUNTIME_TOKEN|GITHUB_TOKEN=/);
  expect(log).toMatch(/^GITHUB_SERVER_URL=http:\/\/github\.localhost:\d+$/m);
  expect(log).toMatch(/^GITHUB_REF=refs\/heads\/main$/m);
  expect(log).toMatch(/^GITHUB_JOB=one$/m);
  expect(log).toMatch(/^RUNNER_OS=Linux$/m);
});

it("runs an action of this project from its bundle, with inputs, defaults and a warning for misspelled ones", async () => {
  const actions = await scratchFolder();
  await mkdir(join(actions, "actions", "greet"), { recursive: true });
  await writeFile(
    join(actions, "actions", "greet", "action.yml"),
    "name: greet\ninputs:\n  who-is: { default: '${{ github.actor }}' }\n  tone: { default: kind }\nruns: { using: node24, main: ../../greet.cjs }\n",
  );
  await writeFile(
    join(actions, "greet.cjs"),
    [
      "const { env } = process;",
      "require('fs').appendFileSync(env.GITHUB_OUTPUT, `said=${env['INPUT_WHO-IS']} ${env.INPUT_TONE}\\n`);",
      "console.log(Boolean(env.ACTIONS_RUNTIME_TOKEN), env.ACTIONS_RESULTS_URL);",
    ].join("\n"),
  );
  const { run, log, check } = await pushed({
    actions,
    steps: [
      "- id: greet",
      "  uses: mlops-actions/mlops-actions/actions/greet@v1",
      "  with: { tone: loud, tune: high }",
      '- run: echo "${{ steps.greet.outputs.said }}"',
    ].join("\n"),
  });
  expect(run?.conclusion).toBe("success");
  expect(log).toContain("\nmona loud\n");
  expect(log).toMatch(/^true http:\/\/127\.0\.0\.1:\d+\/$/m);
  expect(check?.annotations.map(({ message }) => message)).toEqual([
    "Unexpected input(s) 'tune', valid inputs of greet are who-is, tone",
  ]);
});

it("runs the bundle of all actions where the package holds no other", async () => {
  const actions = await scratchFolder();
  await mkdir(join(actions, "actions", "greet"), { recursive: true });
  await mkdir(join(actions, "dist", "umbrella"), { recursive: true });
  const runs = "runs: { using: node24, main: ../../dist/greet/index.js }";
  await writeFile(join(actions, "actions", "greet", "action.yml"), `name: greet\ninputs: { tone: {} }\n${runs}\n`);
  await writeFile(
    join(actions, "dist", "umbrella", "index.js"),
    "console.log(process.env.INPUT_RUN, process.env.INPUT_TONE);",
  );
  const steps = "- uses: mlops-actions/mlops-actions/actions/greet@v1\n  with: { tone: loud }";
  const { log, check } = await pushed({ actions, steps });
  expect(log).toContain("greet loud\n");
  expect(check?.annotations).toEqual([]);
});

it("runs composite actions of the repository, whose steps see their own inputs and outputs", async () => {
  const action = [
    "name: double",
    "inputs: { word: { required: true } }",
    "outputs: { twice: { value: '${{ steps.work.outputs.twice }}' } }",
    "runs:",
    "  using: composite",
    "  steps:",
    "    - id: work",
    "      shell: bash",
    '      run: echo "twice=${{ inputs.word }}${{ inputs.word }}" >> "$GITHUB_OUTPUT"',
  ].join("\n");
  const { log } = await pushed({
    files: { "double/action.yml": action },
    steps: [
      "- uses: actions/checkout@v7",
      "- id: double",
      "  uses: ./double",
      "  with: { word: ab }",
      '- run: echo "${{ steps.double.outputs.twice }} ${{ steps.work.outputs.twice }}|"',
    ].join("\n"),
  });
  expect(log).toContain("\nabab |\n");
});

it("fails a step whose action it cannot rehearse, and says so", async () => {
  const { conclusions, check } = await pushed({ steps: "- uses: docker/build-push-action@v6\n- run: echo more" });
  expect(conclusions).toEqual(["failure", "skipped"]);
  expect(check?.annotations[0]?.message).toMatch(/docker\/build-push-action@v6 cannot be rehearsed offline/);
});

it("fails a step that cannot be started: no such folder, no such shell", async () => {
  const { conclusions, check } = await pushed({
    steps: "- run: echo\n  working-directory: gone\n- if: always()\n  run: echo\n  shell: no-such-shell {0}",
  });
  expect(conclusions).toEqual(["failure", "failure"]);
  expect(check?.annotations.map(({ message }) => message)).toEqual([
    "bash could not be started: there is no such program, or no such working-directory",
    "no-such-shell could not be started: there is no such program, or no such working-directory",
  ]);
});

it.each([
  ["permissions: { comments: write }", "permissions names comments, which is no permission"],
  ["timeout-minutes: soon", "timeout-minutes is soon, which is no number above 0"],
  ["env: { A: '${{ env.B }}' }", "the expression env.B cannot be evaluated"],
])("fails a job that says %s, with one check run", async (line, message) => {
  const { run, check, conclusions } = await pushed({ job: `    ${line}\n`, steps: "- run: echo" });
  expect(run?.conclusion).toBe("failure");
  expect(conclusions).toEqual([]);
  expect(check).toMatchObject({ status: "completed", conclusion: "failure" });
  expect(check?.annotations[0]?.message).toContain(`.github/workflows/w.yml: job one: ${message}`);
});

it("takes the defaults of run from the job, then from the workflow", async () => {
  const { log } = await pushed({
    job: "    defaults: { run: { working-directory: below } }\n",
    steps: "- run: mkdir below\n  working-directory: .\n- run: basename $PWD",
  });
  expect(log).toContain("\nbelow\n");
});

/** A process that was ended may still be listed until somebody takes note of it. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}

it("ends what a step left running when the job is over, and not before", async () => {
  const { run, log } = await pushed({
    steps: '- run: sleep 300 & echo "pid=$!" >> "$GITHUB_ENV"\n- run: kill -0 "$pid" && echo "alive $pid"',
  });
  expect(run?.conclusion).toBe("success");
  const pid = Number(/alive (\d+)/.exec(log)?.[1]);
  expect(isAlive(pid)).toBe(false);
});
