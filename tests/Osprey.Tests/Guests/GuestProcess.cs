using System.Diagnostics;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests;

/// <summary>A QEMU that ends with this process, however that ends.</summary>
internal sealed class GuestProcess : IDisposable
{
    private readonly TaskCompletionSource<Process> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    /// <param name="arguments">QEMU's arguments.</param>
    public GuestProcess(IEnumerable<string> arguments)
    {
        bool guarded = Tools.DescribeMissing("setpriv") is null;
        string[] guard = guarded ? ["--pdeathsig", "KILL", "qemu-system-x86_64"] : [];
        var start = new ProcessStartInfo(guarded ? "setpriv" : "qemu-system-x86_64", [.. guard, .. arguments])
        {
            RedirectStandardError = true,
        };
        var watcher = new Thread(() => Watch(start)) { IsBackground = true, Name = "guest" };
        watcher.Start();
        _process = _started.Task.GetAwaiter().GetResult();
    }

    /// <summary>QEMU's process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether QEMU still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>What QEMU complained of, when it has ended.</summary>
    public string Errors { get; private set; } = "";

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    // The kernel kills QEMU when the thread that started it ends, however that comes about; so this thread lives as
    // long as QEMU.
    private void Watch(ProcessStartInfo start)
    {
        try
        {
            using Process process = Process.Start(start)!;
            _started.SetResult(Process.GetProcessById(process.Id));
            Errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or ArgumentException)
        {
            _started.TrySetException(e);
        }
    }
}
