using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey print</c>: the value of an expression.</summary>
internal static class PrintCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "print",
            "Show the value of an expression: variables, members, containers",
            "osprey print sched::cpus                              # standard containers by what they hold",
            "osprey print 'sched::cpus[0]->runqueue'",
            "osprey print '(char*)0x400000200000' --hex",
            "osprey print size --cpu 1 --frame 3                   # a local variable; frames are numbered as in bt",
            "osprey print '*(char **)0x4d73f8' --pid 104            # in the memory of a process of the guest",
            "osprey print 'sizeof(sched::thread)' --target core:vm.core --json"
        );
        Option<string> process = GuestOptions.CreateProcessOption();
        var options = new GuestOptions(command) { Process = process, TakesPrograms = true };
        var expression = new Argument<string>("expression")
        {
            Description = "An expression of C or C++; a[i:j] is a slice, p@n so many elements, $rax a register",
        };
        var isHex = new Option<bool>("--hex", "-X") { Description = "Show integers in hexadecimal" };
        var isRaw = new Option<bool>("--raw")
        {
            Description = "Show containers and smart pointers as the structs that they are",
        };
        var isPretty = new Option<bool>("--pretty") { Description = "A member a line" };
        var elements = new Option<int>("--max", "-n")
        {
            Description = "Most elements of an array or container, and characters of a string",
            HelpName = "N",
            DefaultValueFactory = _ => ValueTextOptions.Default.MaxElements,
        };
        var depth = new Option<int>("--depth", "-D")
        {
            Description = "How deep aggregates are shown",
            HelpName = "N",
            DefaultValueFactory = _ => ValueTextOptions.Default.MaxDepth,
        };
        var frame = new Option<int?>("--frame")
        {
            Description = "Variables and registers are those of this frame of the vCPU's stack, as bt numbers them",
            HelpName = "N",
        };
        command.Arguments.Add(expression);
        command.Options.Add(process);
        command.AddOptions(isHex, isRaw, isPretty, elements, depth, frame);

        command.SetAction(result =>
        {
            if (result.GetValue(elements) < 1 || result.GetValue(depth) < 1 || result.GetValue(frame) is < 0)
                throw new UsageException("--max and --depth must be positive, --frame must not be negative");

            ValueTextOptions shown = ValueTextOptions.Default with
            {
                Hex = result.GetValue(isHex),
                Raw = result.GetValue(isRaw),
                Pretty = result.GetValue(isPretty),
                MaxElements = result.GetValue(elements),
                MaxDepth = result.GetValue(depth),
            };
            return GuestInvocation.Run(
                result,
                options,
                invocation => Show(invocation, result.GetValue(expression)!, result.GetValue(frame), shown),
                paged: true
            );
        });
        return command;
    }

    private static int Show(GuestInvocation invocation, string text, int? frame, ValueTextOptions options)
    {
        ValueAnswer answer;
        try
        {
            answer = ValueAnswer.Ask(invocation.Session, text, frame, options);
        }
        catch (ExpressionException exception)
        {
            bool isShort = text.Length <= 200 && !text.Contains('\n', StringComparison.Ordinal);
            throw new CommandFailedException(
                isShort
                    ? $"{exception.Message}\n        {text}\n        "
                        + $"{new string(' ', Math.Clamp(exception.Position, 0, text.Length))}^"
                    : exception.Message
            );
        }

        invocation.Show(
            ValueAnswer.Shape,
            answer,
            (shown, output) => output.Text.Append(ValueText.Format(shown.Value, shown.Options) + "\n")
        );
        if (answer.Value.Follow().Problem is not { } problem)
            return ExitCode.Success;

        invocation.Output.Flush();
        Messages.Write($"osprey: {problem.Message}");
        return ExitCode.Failure;
    }
}
