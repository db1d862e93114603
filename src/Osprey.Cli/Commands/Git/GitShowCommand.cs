using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Git;
using Osprey.Session.Answers.Git;

namespace Osprey.Cli.Commands.Git;

/// <summary><c>osprey git show</c>: an object of a repository.</summary>
internal static class GitShowCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "show",
            "Print an object of a git repository: a file, folder, commit or tag, and how it was found",
            "osprey git show ~/src/osv HEAD~2:core/sched.cc     # a file as it was two commits ago",
            "osprey git show ~/src/osv v0.57.0-75-gb7150705:    # the folder at a guest's version",
            "osprey git show . b7150705 --explain               # the index, the pack and the deltas that make it",
            "osprey git show . 'v1.0^{commit}' --json | jq .id"
        );
        var repository = new Argument<string>("repository")
        {
            Description = "A work tree or a folder in one, a .git folder, or a bare repository",
        };
        var name = new Argument<string>("object")
        {
            Description =
                "A name, an abbreviation, a reference or what git describe wrote; then ~N, ^N, ^{TYPE}; then :PATH",
        };
        var explain = new Option<bool>("--explain")
        {
            Description = "Show how it was found before it: references, the file, or index, pack and deltas",
        };
        command.Arguments.Add(repository);
        command.Arguments.Add(name);
        command.Options.Add(explain);
        var options = new AnswerOptions(command);
        command.SetAction(result =>
        {
            AnswerFormat format = options.Read(result);
            using var output = new Output(paged: format == AnswerFormat.Text);
            using var opened = GitRepository.Open(result.GetValue(repository)!);
            string expression = result.GetValue(name)!;
            var answer = GitObjectAnswer.Ask(opened, expression, result.GetValue(explain));
            if (format == AnswerFormat.Json)
            {
                JsonAnswers.Write(output, GitObjectAnswer.Shape, answer);
            }
            else
            {
                if (answer.Trace is not null)
                    GitTraceText.Write(output.Text, opened, expression, answer);

                GitObjectText.Write(output, answer);
            }

            output.Flush();
            foreach (string defect in answer.Defects)
                Messages.Write($"osprey: warning: {defect}");

            return ExitCode.Success;
        });
        return command;
    }
}
