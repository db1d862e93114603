using System.Diagnostics;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Debugging;

/// <summary>A guest that <c>osprey replay</c> recorded, and that a QEMU replays: stopped at its beginning.</summary>
internal sealed class GuestRecording : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-recording");
    private readonly Process _replay;

    /// <param name="exitCode">The exit code of the QEMU that records.</param>
    /// <param name="arguments">Its arguments, over those that all such guests get.</param>
    public GuestRecording(int exitCode, params string[] arguments)
    {
        string recording = Path.Combine(_folder.FullName, "recording");
        try
        {
            using Process record = Process.Start(
                TestedProgram.With([
                    "replay",
                    "record",
                    recording,
                    "--",
                    "qemu-system-x86_64",
                    "-name",
                    Name,
                    "-display",
                    "none",
                    "-nodefaults",
                    .. arguments,
                ])
            )!;
            string messages = WaitFor(record);
            Assert.True(record.ExitCode == exitCode, messages);

            _replay = Process.Start(TestedProgram.With("replay", "play", recording))!;
            Assert.True(
                SpinWait.SpinUntil(() => File.Exists(Path.Combine(recording, "gdb")), s_patience) && !_replay.HasExited,
                "QEMU does not replay"
            );
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>QEMU's name for it.</summary>
    public string Name => _folder.Name;

    /// <inheritdoc/>
    public void Dispose()
    {
        _replay.Kill();
        _replay.WaitForExit();
        _replay.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string WaitFor(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            process.WaitForExit();
        }

        return errors.Result;
    }
}
