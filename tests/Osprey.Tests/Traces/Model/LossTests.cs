using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Model;

public sealed class LossTests
{
    [Fact]
    public void EnumerateLosses_EveryKind_HasSeverityAndSource()
    {
        var stats = new TraceStats();
        foreach (LossKind kind in Enum.GetValues<LossKind>())
            stats.Count(kind, 1 + (long)kind);

        Assert.Equal(
            [
                "TruncatedBytes 1 DataLoss Import",
                "UnreadableBytes 2 Error Import",
                "IncompleteSamples 3 DataLoss Recorder",
                "UnknownChunks 4 Info Import",
                "ExitsWithoutEntry 5 DataLoss Recorder",
                "PairsAcrossGap 6 DataLoss Recorder",
                "EntriesNeverClosed 7 Info Recorder",
                "EntriesTooDeep 8 DataLoss Analysis",
                "SamplesWithoutBacktrace 9 DataLoss Recorder",
                "PacketsOfOtherProtocols 10 DataLoss Analysis",
                "FormatMismatches 11 Info Analysis",
                "OverwrittenSamples 12 DataLoss Recorder",
                "OverwrittenBytes 13 DataLoss Recorder",
                "EarlierSamples 14 Info Recorder",
                "UnknownLines 15 DataLoss Import",
            ],
            stats.EnumerateLosses().Select(loss => $"{loss.Kind} {loss.Amount} {loss.Severity} {loss.Source}")
        );
    }

    [Fact]
    public void EnumerateLosses_NothingLost_IsEmpty() => Assert.Empty(new TraceStats().EnumerateLosses());
}
