using Osprey.Guests.Linux.Failures;
using Osprey.Guests.Logs;

namespace Osprey.Tests.Guests.Linux.Failures;

/// <summary>The report of a failure, cut out of a log.</summary>
public sealed class KernelReportTests
{
    private static readonly string[] s_oops =
    [
        "T7 BUG: kernel NULL pointer dereference, address: 0000000000000010",
        "T7 Oops: 0002 [#1] PREEMPT SMP NOPTI",
        "T9 something else",
        "T7 RIP: 0010:f+0x1/0x2",
        "T7 ---[ end trace 0000000000000000 ]---",
        "T7 RIP: 0010:f+0x1/0x2",
    ];

    [Fact]
    public void Log_WithoutAFailure_HasNone() =>
        Assert.Null(Find("T1 Linux version 6.1", "T1 osprey: kernel BUG at night"));

    [Fact]
    public void Oops_IsCutOut_OfOneWriter()
    {
        KernelReport report = Find(["T1 before", .. s_oops, "T1 after"])!;
        Assert.False(report.IsPanic);
        Assert.Equal("BUG: kernel NULL pointer dereference, address: 0000000000000010", report.Message);
        Assert.Equal(
            [
                "BUG: kernel NULL pointer dereference, address: 0000000000000010",
                "Oops: 0002 [#1] PREEMPT SMP NOPTI",
                "RIP: 0010:f+0x1/0x2",
                "---[ end trace 0000000000000000 ]---",
            ],
            GetTexts(report)
        );
    }

    [Fact]
    public void Panic_AfterAnOops_HasBoth_AndItsOwnWords()
    {
        KernelReport report = Find([
            .. s_oops,
            "T7 Kernel panic - not syncing: Fatal exception",
            "T7 Kernel Offset: disabled",
            "T7 ---[ end Kernel panic - not syncing: Fatal exception ]---",
            "T2 a word after it",
        ])!;
        Assert.True(report.IsPanic);
        Assert.Equal("Fatal exception", report.Message);
        string[] texts = GetTexts(report);
        Assert.Equal(8, texts.Length);
        Assert.StartsWith("BUG: ", texts[0], StringComparison.Ordinal);
        Assert.StartsWith("---[ end Kernel panic", texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Panic_OfAnotherTaskThanTheOops_IsAlone()
    {
        KernelReport report = Find([
            .. s_oops,
            "T1 Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100",
            "T1 ---[ end Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100 ]---",
        ])!;
        Assert.Equal("Attempted to kill init! exitcode=0x00000100", report.Message);
        Assert.Equal(2, report.Lines.Count);
    }

    [Fact]
    public void Panic_ThatWasNotWrittenToItsEnd_HasWhatThereIs()
    {
        KernelReport report = Find("C1 Kernel panic - not syncing: stack-protector", "C1 CPU: 1", "C0 not it")!;
        Assert.Equal(["Kernel panic - not syncing: stack-protector", "CPU: 1"], GetTexts(report));
    }

    [Fact]
    public void LastOfSeveralOopses_IsTheReport()
    {
        KernelReport report = Find([.. s_oops, "T8 kernel BUG at mm/slub.c:1!", "T8 ---[ end trace 0 ]---"])!;
        Assert.Equal(["kernel BUG at mm/slub.c:1!", "---[ end trace 0 ]---"], GetTexts(report));
    }

    [Fact]
    public void ProgramsThatWriteToTheLog_DoNotMakeAFailure() =>
        Assert.Null(KernelReport.Find([new GuestLogRecord(0, 0, 1, 4, "Kernel panic - not syncing: no")]));

    private static string[] GetTexts(KernelReport report) => [.. report.Lines.Select(line => line[15..])];

    private static KernelReport? Find(params string[] lines) =>
        KernelReport.Find([
            .. lines.Select((line, i) => new GuestLogRecord((ulong)i, 0, 0, 6, line[3..]) { Caller = line[..2] }),
        ]);
}
