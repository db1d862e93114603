using System.CommandLine;
using Microsoft.Win32.SafeHandles;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests;
using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Btf;
using Osprey.Symbols.Types.Layout;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey type</c>: how a type lies in memory.</summary>
internal static class TypeCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "type",
            "Show a type's layout: offsets, sizes, holes",
            "osprey type sched::thread                       # of the guest's kernel",
            "osprey type 'std::vector<sched::cpu*>' --depth 3  # members that are structs opened up",
            "osprey type task_struct --exe vmlinux           # of a file, without any guest",
            "osprey type task_struct --exe /sys/kernel/btf/vmlinux  # of this host's kernel"
        );
        var options = new GuestOptions(command);
        var name = new Argument<string>("name")
        {
            Description = "The type's name, qualified, such as sched::thread, 'struct inode', 'unsigned long'",
        };
        var depth = new Option<int>("--depth", "-D")
        {
            Description = "Open up members and bases that are structs, so many levels deep",
            HelpName = "N",
        };
        command.Arguments.Add(name);
        command.Options.Add(depth);
        command.SetAction(result =>
        {
            if (result.GetValue(depth) < 0)
                throw new UsageException("--depth must not be negative");

            GuestSettings settings = options.ReadSettings(result);
            if (!options.NamesTarget(result) && settings.ExecutablePath is { } path)
                return ShowOfFile(
                    path,
                    settings,
                    result.GetValue(name)!,
                    result.GetValue(depth),
                    options.IsJson(result)
                );

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                    Show(
                        invocation.Output,
                        invocation.Session.Programs.Types,
                        result.GetValue(name)!,
                        result.GetValue(depth),
                        invocation.IsJson
                    ),
                paged: true
            );
        });
        return command;
    }

    private static int ShowOfFile(string path, GuestSettings settings, string name, int depth, bool isJson)
    {
        if (ReadBtf(path) is { } btf)
        {
            using var text = new Output(paged: true);
            int shown = Show(text, [btf], name, depth, isJson);
            text.Flush();
            return shown;
        }

        using var types = TypeCatalog.Open(path, new SymbolizerOptions { UseCache = !settings.NoCache });
        using var output = new Output(paged: true);
        try
        {
            int code = Show(output, [types], name, depth, isJson);
            output.Flush();
            return code;
        }
        finally
        {
            // The reason why a type is not found is often there.
            foreach (SymbolDiagnostic diagnostic in types.Diagnostics)
                Messages.Write("osprey: note: " + TerminalText.Escape(diagnostic.ToString()));
        }
    }

    /// <summary>Reads a file of BTF, as Linux shows that of its kernel; null when it is no such file.</summary>
    private static BtfTypeSource? ReadBtf(string path)
    {
        Span<byte> front = stackalloc byte[BtfHeader.MinSize];
        using (SafeFileHandle file = File.OpenHandle(path))
        {
            if (!BtfHeader.HasMagic(front[..RandomAccess.Read(file, front, 0)]))
                return null;
        }

        return BtfTypeSource.Read(File.ReadAllBytes(path), path);
    }

    private static int Show(Output output, IEnumerable<ITypeSource> sources, string name, int depth, bool isJson)
    {
        TypeAnswer answer =
            TypeAnswer.Ask(sources, name, depth)
            ?? throw new CommandFailedException(
                sources.Any()
                    ? $"there is no type '{name}' in the debug info"
                    : "no program of the guest is known, so there are no types; name its ELF file with --exe"
            );
        if (isJson)
            JsonAnswers.Write(output, TypeAnswer.Shape, answer);
        else
            output.Text.Append(
                string.Join('\n', LayoutText.Format(answer.Layout).Split('\n').Select(TerminalText.Escape))
            );

        return ExitCode.Success;
    }
}
