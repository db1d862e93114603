using System.Text;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

public sealed class SmallGuestCommandTests : IDisposable
{
    private readonly SmallGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Commands_OnASmallGuest_ShowWhatItHolds()
    {
        var transcript = new StringBuilder();
        foreach (string[] command in GuestCommandLines.All(_guest))
        {
            CommandRun run = CommandRun.Of(_guest.Arguments(command));
            transcript.Append($"$ osprey {string.Join(' ', command)}\n");
            transcript.Append(command.Contains("--raw") ? Convert.ToHexStringLower(run.Output) + "\n" : run.Text);
            foreach (string line in run.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                transcript.Append($"stderr: {line}\n");

            transcript.Append($"exit {run.ExitCode}\n\n");
        }

        GoldenFile.Verify(transcript.ToString().Replace(_guest.Folder, "FOLDER", StringComparison.Ordinal));
    }
}
