using System.Diagnostics;
using System.Globalization;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>
/// A gdb that is attached to a guest's stub, with the symbols of its kernel. The guest stands except within
/// <see cref="RunTo"/>.
/// </summary>
internal sealed class KernelGdb : IDisposable
{
    /// <summary>Where the kernel's first byte is linked to.</summary>
    public const ulong LinkedTo = 0xffff_ffff_8100_0000;

    private const string Mark = "@@";

    private readonly string _folder;
    private readonly Process _process;

    public KernelGdb(LinuxGuest guest, ulong shift)
    {
        _folder = guest.Folder;
        string script = Path.Combine(_folder, "kernel.py");
        File.WriteAllText(
            script,
            File.ReadAllText(Path.Combine(Programs, "kernel.py"))
                .Replace("@FOLDER@", _folder, StringComparison.Ordinal)
                .Replace("@VMLINUX@", VmlinuxFactAttribute.Vmlinux, StringComparison.Ordinal)
                .Replace("@SHIFT@", $"0x{shift:x}", StringComparison.Ordinal)
                .Replace("@SOCKET@", guest.GdbSocket, StringComparison.Ordinal)
        );
        var start = new ProcessStartInfo("gdb", ["-nx", "-batch", "-x", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("DEBUGINFOD_URLS");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        ReadAnswer();
    }

    /// <summary>Folder of what gdb is given.</summary>
    public static string Programs { get; } =
        Path.Combine(Tools.Programs, "..", "..", "..", "Guests", "Kernel", "Programs");

    /// <summary>Lets the guest run until a vCPU is at a function's first instruction.</summary>
    /// <returns>That vCPU.</returns>
    public int RunTo(string function) => int.Parse(Ask($"run {function}"), CultureInfo.InvariantCulture);

    /// <summary>Lets the guest run for a while, and stops it wherever it is then.</summary>
    /// <returns>The vCPU that gdb takes for the one that stopped.</returns>
    public int RunFor(TimeSpan time) =>
        int.Parse(
            Ask($"wait {time.TotalSeconds.ToString(CultureInfo.InvariantCulture)}"),
            CultureInfo.InvariantCulture
        );

    /// <summary>What gdb prints of expressions on vCPU 0, in their order.</summary>
    public IReadOnlyList<string> Print(IEnumerable<string> expressions)
    {
        File.WriteAllLines(Path.Combine(_folder, "expressions"), expressions);
        Ask("print");
        return File.ReadAllLines(Path.Combine(_folder, "printed"));
    }

    /// <summary>The frames of each vCPU, innermost first.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<KernelFrame>> ReadStacks()
    {
        Ask("stacks");
        return File.ReadLines(Path.Combine(_folder, "stacks"))
            .Select(KernelFrame.Parse)
            .GroupBy(frame => frame.Cpu)
            .ToDictionary(group => group.Key, IReadOnlyList<KernelFrame> (group) => [.. group]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        return ReadAnswer();
    }

    private string ReadAnswer()
    {
        var said = new List<string>();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
                return line[Mark.Length..];

            said.Add(line);
        }

        throw new InvalidOperationException($"gdb ended:\n{string.Join('\n', said.TakeLast(20))}");
    }
}
