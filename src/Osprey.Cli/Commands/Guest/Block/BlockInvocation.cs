using System.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Block;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Block;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary>One run of a command over the drives of one guest.</summary>
internal sealed class BlockInvocation : IDisposable
{
    private BlockInvocation(GuestSettings settings, CancellationToken cancellation)
    {
        QemuProcess process = QemuChoice.Find(settings.Target);
        Settings = settings with
        {
            Target = TargetSpec.Parse(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"qemu:{process.ProcessId}")
            ),
        };
        Debugger = new BlockDebugger(
            process,
            settings.QmpAddress is { } qmp ? GuestFinder.ParseQmp(Settings.Target, qmp) : null,
            cancellation
        );
        Cancellation = cancellation;
        Output = new Output(paged: false);
    }

    public BlockDebugger Debugger { get; }

    /// <summary>The guest, named by its process.</summary>
    public GuestSettings Settings { get; }

    public Output Output { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Creates the option that allows changes.</summary>
    public static Option<bool> CreateWrite() =>
        new("--write") { Description = "Allow the guest's machine to be changed; without this nothing is" };

    /// <summary>Runs a command's body.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The options of the guest.</param>
    /// <param name="body">Does it; gives the exit code.</param>
    /// <param name="isChange">Whether it needs the option that allows changes, where the command has it.</param>
    public static int Run(
        ParseResult result,
        GuestOptions options,
        Func<BlockInvocation, int> body,
        bool isChange = true
    )
    {
        if (isChange && options.Write is { } write && !result.GetValue(write))
            throw new TargetException(TargetProblem.NotAllowed, "this changes what the guest's drives do");

        using var interruption = new Interruption();
        using var invocation = new BlockInvocation(options.ReadSettings(result), interruption.Token);
        int code = body(invocation);
        invocation.Output.Flush();
        return code;
    }

    public void Dispose()
    {
        Debugger.Dispose();
        Output.Dispose();
    }
}
