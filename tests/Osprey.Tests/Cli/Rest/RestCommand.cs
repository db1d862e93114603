using System.Runtime.CompilerServices;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Rest;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Rest;

/// <summary>The program and a guest that it speaks to; the transcript also has the guest's log.</summary>
internal sealed class RestCommand : IDisposable
{
    private int _logged;

    public RestCommand()
    {
        Cli.Replace($"localhost:{Server.Port}", "GUEST");
        Cli.Replace($"localhost:{UnusedPort}", "NOBODY");
        Cli.Replace($"::{UnusedPort}-", "::PORT-");
        Cli.Replace($"::{Server.Port}-", "::PORT-");
    }

    public FakeRestServer Server { get; } = new();

    public CliProcess Cli { get; } = new();

    /// <summary>A port at which nothing listens: that of the system's own tcpmux service, which nobody runs.</summary>
    public static int UnusedPort => 1;

    public void Dispose()
    {
        Cli.Dispose();
        Server.Dispose();
    }

    /// <summary>Runs <c>osprey trace</c> on the guest and notes the requests that it got.</summary>
    public void Run(params string[] args)
    {
        Cli.Run(["trace", .. args, "--url", $"localhost:{Server.Port}"]);
        NoteRequests();
    }

    public void NoteRequests()
    {
        IReadOnlyList<string> log = Server.Log;
        foreach (string line in log.Skip(_logged))
            Cli.Note("guest: " + line);

        _logged = log.Count;
        Cli.Note("");
    }

    public void Verify([CallerFilePath] string source = "", [CallerMemberName] string test = "") =>
        GoldenFile.Verify(Cli.Transcript, source, test);
}
