using System.Diagnostics;

namespace Osprey.Tests.Guests;

/// <summary>A guest that has firmware and nothing to boot; tests may end it.</summary>
internal sealed class BareGuest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-bare");
    private readonly Process _process;

    /// <param name="hasQmp">Whether it listens for QMP.</param>
    /// <param name="arguments">QEMU's arguments for memory.</param>
    public BareGuest(bool hasQmp, params string[] arguments)
    {
        string[] qmp = hasQmp
            ? ["-qmp", $"unix:{QmpSocket},server=on,wait=off", "-qmp", $"unix:{TestQmpSocket},server=on,wait=off"]
            : [];
        _process = Process.Start(
            new ProcessStartInfo(
                "qemu-system-x86_64",
                [
                    "-name",
                    Name,
                    "-accel",
                    "tcg",
                    "-display",
                    "none",
                    "-nodefaults",
                    "-gdb",
                    $"unix:{GdbSocket},server=on,wait=off",
                    .. qmp,
                    .. arguments,
                ]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        for (int i = 0; !File.Exists(GdbSocket); i++)
        {
            if (_process.HasExited || i > 500)
                throw new InvalidOperationException(
                    $"QEMU does not start: {(_process.HasExited ? _process.StandardError.ReadToEnd() : "")}"
                );

            Thread.Sleep(20);
        }
    }

    /// <summary>What QEMU calls it; no other guest is called so.</summary>
    public string Name => _folder.Name;

    /// <summary>QEMU's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The socket of QEMU's GDB stub.</summary>
    public string GdbSocket => Path.Combine(_folder.FullName, "gdb");

    /// <summary>The socket that Osprey finds on the command line.</summary>
    public string QmpSocket => Path.Combine(_folder.FullName, "qmp");

    /// <summary>One of the test's own: a socket has one client at a time.</summary>
    public string TestQmpSocket => Path.Combine(_folder.FullName, "test-qmp");

    /// <summary>Ends QEMU at once.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _folder.Delete(true);
    }
}
