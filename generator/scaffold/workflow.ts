/** What a workflow depends on. */
export interface WorkflowOptions {
  /** How the command line is started. */
  readonly command: string;
  /** The project's folder in its repository; empty at the top. */
  readonly folder: string;
}

/** What a workflow is called: the name of its file, and the mark in its comment, by which it knows it again. */
export function workflowName(folder: string): string {
  return ["stemma", ...folder.split(/[^A-Za-z0-9]+/)].filter((part) => part !== "").join("-");
}

/**
 * A workflow of GitHub for pull requests: validates the specs, tells in one comment which versions move, checks the
 * generated files, and fails on what the settings say.
 *
 * Texts of a pull request go through files, and never become a part of a script.
 */
export function workflow({ command, folder }: WorkflowOptions): string {
  const name = workflowName(folder);
  const inFolder = folder === "" ? "" : `\n    working-directory: ${JSON.stringify(folder)}`;
  const lockFiles = folder === "" ? "" : '\n          cache-dependency-path: "**/package-lock.json"';
  return `# As \`stemma init\` writes it. It is yours to change.
name: ${folder === "" ? "Stemma" : JSON.stringify(`Stemma (${folder})`)}

on: pull_request

permissions:
  contents: read
  pull-requests: write # for the comment

# A newer push ends the run of an older one, so that two never write a comment each.
concurrency:
  group: ${name}-\${{ github.ref }}
  cancel-in-progress: true

defaults:
  run:
    shell: bash${inFolder}

jobs:
  versions:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the versions before are read from the history
          persist-credentials: false
      # Both need the package-lock.json that \`npm install\` writes.
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm${lockFiles}
      - run: npm ci

      - name: Validate the specs
        id: validate
        run: ${command} validate --format github

      - name: Tell which versions move
        id: diff
        run: |
          ${command} diff --fail-on "" --format github
          ${command} diff --fail-on "" --format markdown > "$RUNNER_TEMP/diff.md"
          ${command} diff --fail-on "" --format json > "$RUNNER_TEMP/diff.json"
          cat "$RUNNER_TEMP/diff.md" >> "$GITHUB_STEP_SUMMARY"
          node --print '
            const { causes, features } = JSON.parse(fs.readFileSync(0, "utf8"));
            "moved=" + (causes.length > 0 || features.some(({ status }) => status !== "unchanged"));
          ' < "$RUNNER_TEMP/diff.json" >> "$GITHUB_OUTPUT"

      # The comment is written anew by each run, and first written when a version moves.
      - name: Tell it in a comment
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
          MOVED: \${{ steps.diff.outputs.moved }}
        run: |
          mark="<!-- ${name} -->"
          { echo "$mark"; cat "$RUNNER_TEMP/diff.md"; } > "$RUNNER_TEMP/comment.md"
          own=".[] | select(.user.login == \\"github-actions[bot]\\" and (.body | startswith(\\"$mark\\"))) | .id"
          comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
          write() {
            local found
            found=$(gh api --paginate "$comments?per_page=100" --jq "$own") || return
            if [ -n "$found" ]; then
              set -- PATCH "repos/$GITHUB_REPOSITORY/issues/comments/\${found%%$'\\n'*}"
            elif [ "$MOVED" = true ]; then
              set -- POST "$comments"
            else
              return 0
            fi
            gh api --silent --method "$1" "$2" --field "body=@$RUNNER_TEMP/comment.md"
          }
          write || echo "::notice::No comment was written: the token may not, as in a pull request from a fork. The diff is in the summary of this run."

      - name: Check the generated files
        run: ${command} generate --check

      # The setting diff.failOn says what. Without it nothing is.
      - name: Hold back what nobody acknowledged
        if: \${{ !cancelled() && steps.validate.outcome == 'success' }}
        run: ${command} diff
`;
}
