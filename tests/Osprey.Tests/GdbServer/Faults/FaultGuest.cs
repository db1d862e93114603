using System.Text.Json.Nodes;
using Osprey.Tests.Cli;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>A booted guest that stock debuggers are tried on, of any system.</summary>
/// <param name="Name">QEMU's name for it.</param>
/// <param name="Folder">A folder for sockets.</param>
internal abstract record FaultGuest(string Name, string Folder)
{
    /// <summary>A function that vCPUs come to all the time, by the name that <c>osprey symbol</c> takes.</summary>
    public abstract string Function { get; }

    /// <summary>The address of <see cref="Function"/> in hexadecimal digits.</summary>
    public string Place => _place ??= FindSymbol(Function);

    private string? _place;

    /// <summary>Tells whether a thread is on no vCPU and will be on one soon.</summary>
    public abstract bool GoesOnSoon(MachineThread thread);

    /// <summary>
    /// Has gdb itself read the number of the thread that runs on the vCPU of the chosen one, out of the guest's kernel.
    /// </summary>
    public abstract string ReadRunning(GdbMachine gdb);

    /// <summary>Starts a server for it.</summary>
    public ServerProcess Serve(params string[] options) =>
        new(Path.Combine(Folder, "faults"), [.. options, "--target", Name]);

    /// <summary>The numbers of its threads, by our own list.</summary>
    public IReadOnlyList<(long Id, string Name)> ListThreads()
    {
        CommandRun run = CommandRun.Of("threads", "--json", "--target", Name);
        Assert.True(run.ExitCode == 0, run.Messages);
        return
        [
            .. JsonNode.Parse(run.Text)!["threads"]!
                .AsArray()
                .Select(thread => ((long)thread!["id"]!, (string)thread["name"]!)),
        ];
    }

    /// <summary>The value of an expression, as <c>osprey print</c> has it.</summary>
    protected string Print(string expression)
    {
        CommandRun run = CommandRun.Of("print", expression, "--target", Name);
        Assert.True(run.ExitCode == 0, run.Messages);
        return run.Text.Trim();
    }

    /// <summary>Tells whether its kernel has a symbol.</summary>
    protected bool HasSymbol(string name) => CommandRun.Of("symbol", name, "--target", Name).ExitCode == 0;

    /// <summary>The address of a symbol in hexadecimal digits.</summary>
    protected string FindSymbol(string name)
    {
        CommandRun run = CommandRun.Of("symbol", name, "--target", Name);
        Assert.True(run.Text.StartsWith("0x", StringComparison.Ordinal), run.Text + run.Messages);
        return run.Text.Split(' ')[0];
    }
}
