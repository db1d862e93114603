using System.Diagnostics;
using Osprey.Session.Guests;
using Osprey.Session.Traces.Rings;

namespace Osprey.Tracing.Tests.Outside;

/// <summary>A program that was compiled ahead of time traces as any other, and says what it can't name.</summary>
public sealed class NativeProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-native").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [LinkerFact]
    [Trait("Category", "Slow")]
    public async Task Extract_OfANativeProgram_HasRecordsAndSaysWhatHasNoName()
    {
        await PublishAsync();
        using var writer = WriterProcess.Start(
            "1 3000",
            nativeProgram: $"{_folder}/out/Osprey.Tracing.Writer",
            followsAsync: true
        );
        writer.Begin();
        (long written, _, _) = writer.ReadTotals();
        using GuestSession session = GuestSession.Open(
            new GuestSettings { Target = TargetSpec.Parse(writer.Target), NoCache = true }
        );
        using ExtractedTrace trace = ExtractedTrace.Create(session);
        Assert.Equal(written, trace.Result.Samples);
        Assert.NotEqual(0, trace.Result.Addresses);
        Assert.NotEqual(0, trace.Result.Named); // by its own file, whose symbols were kept
        Assert.Contains(session.Notes, note => note.Contains("it has no diagnostic port (", StringComparison.Ordinal));
        const string Message =
            "osprey: OSPREY_TRACE_ASYNC: Who awaits whom is not known: the program was built without EventSource "
            + "(EventSourceSupport); backtraces have no logical callers";
        Assert.Contains(Message, writer.ReadMessages(Message));
    }

    private async Task PublishAsync()
    {
        string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory.TrimEnd('/'), "../../../.."));
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish",
                $"{root}/tests/Osprey.Tracing.Writer",
                "--configuration",
                "Release",
                "--runtime",
                "linux-x64",
                "-p:NativeWriter=true",
                "-p:StripSymbols=false",
                // Not into the checkout's own folders, which others build in.
                $"-p:ArtifactsPath={_folder}/artifacts",
                "--output",
                $"{_folder}/out",
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
