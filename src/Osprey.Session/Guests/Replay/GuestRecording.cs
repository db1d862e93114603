using System.ComponentModel;
using System.Diagnostics;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Replay;

namespace Osprey.Session.Guests.Replay;

/// <summary>
/// The folder of a guest's recording: its events, the images that snapshots are in, and the command line of its QEMU.
/// </summary>
public sealed class GuestRecording
{
    private const string CommandFile = "command";
    private const int MaxCommandSize = 1 << 20;

    private GuestRecording(string program, ReplayArguments arguments)
    {
        Program = program;
        Arguments = arguments.Words;
        LeavesOutNetwork = arguments.LeavesOutNetwork;
    }

    /// <summary>The QEMU to start.</summary>
    public string Program { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Tells whether the network card was left out that QEMU adds where none is named.</summary>
    public bool LeavesOutNetwork { get; }

    /// <summary>Makes ready to record.</summary>
    /// <param name="folder">The folder, which is made. One that has a recording is refused.</param>
    /// <param name="command">The command line of a QEMU that only runs.</param>
    /// <exception cref="TargetException">The folder or an image can't be made.</exception>
    /// <exception cref="FormatException">The command line has what can't be recorded.</exception>
    public static GuestRecording Create(string folder, IReadOnlyList<string> command)
    {
        folder = Path.GetFullPath(folder);
        var arguments = ReplayArguments.Build([.. command.Skip(1)], folder, plays: false);
        string kept = Path.Combine(folder, CommandFile);
        if (File.Exists(kept))
            throw new TargetException($"{folder} has a recording already: name another folder, or remove it");

        try
        {
            Directory.CreateDirectory(folder);
            // It stays as large as the states that are saved in it.
            RunImageTool("create", "-q", "-f", "qcow2", arguments.SnapshotImage, "64G");
            foreach (ReplayDrive drive in arguments.Drives)
                RunImageTool([
                    "create",
                    "-q",
                    "-f",
                    "qcow2",
                    "-b",
                    Path.GetFullPath(drive.File),
                    "-F",
                    drive.Format ?? "raw",
                    drive.Image,
                ]);

            File.WriteAllLines(kept, command);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new TargetException($"{folder}: {failed.Message}", failed);
        }

        return new GuestRecording(command[0], arguments);
    }

    /// <summary>Makes ready to replay.</summary>
    /// <param name="folder">The recording's folder.</param>
    /// <param name="more">Arguments for QEMU beyond those that it was recorded with.</param>
    /// <exception cref="TargetException">There is no recording.</exception>
    /// <exception cref="FormatException">The command line has what can't be replayed.</exception>
    public static GuestRecording Open(string folder, IReadOnlyList<string> more)
    {
        folder = Path.GetFullPath(folder);
        var kept = new FileInfo(Path.Combine(folder, CommandFile));
        if (!kept.Exists || kept.Length > MaxCommandSize)
            throw new TargetException($"{folder} has no recording: osprey replay record makes one");

        string[] command;
        try
        {
            command = File.ReadAllLines(kept.FullName);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new TargetException($"{kept}: {failed.Message}", failed);
        }

        if (command.Length == 0)
            throw new TargetException($"{kept} is empty: it has to be QEMU's command line, a word a line");

        return new GuestRecording(
            command[0],
            ReplayArguments.Build([.. command.Skip(1), .. more], folder, plays: true)
        );
    }

    private static void RunImageTool(params IReadOnlyList<string> arguments)
    {
        try
        {
            var start = new ProcessStartInfo("qemu-img", arguments) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            string problem = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new TargetException(problem.Length > 0 ? problem : "qemu-img failed");
        }
        catch (Win32Exception missing)
        {
            throw new TargetException("qemu-img is needed to record (Debian: qemu-utils)", missing);
        }
    }
}
