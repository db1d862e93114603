using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Cli;

/// <summary>A folder of its own with small traces for one test.</summary>
internal sealed class TraceFolder : IDisposable
{
    public const ulong Open = 0x1000;
    public const ulong OpenReturn = 0x1080;
    public const ulong Wait = 0x2000;
    public const ulong WaitReturn = 0x2080;

    public string Path { get; } = Directory.CreateTempSubdirectory("osprey-test-").FullName;

    /// <summary>The dictionary that most tests use.</summary>
    public static SmallTrace NewTrace() =>
        new SmallTrace()
            .Tracepoint(Open, "vfs_open", "50p", "%s")
            .Tracepoint(OpenReturn, "vfs_open_ret", "i", "%d")
            .Tracepoint(Wait, "sched_wait")
            .Tracepoint(WaitReturn, "sched_wait_ret");

    /// <summary>
    /// Two opens and a wait on two CPUs within 10 ms; the first open lasts so long, and is met so often, as asked.
    /// </summary>
    public static SmallTrace NewSmallTrace(int opens = 2, ulong length = 100_000)
    {
        SmallTrace trace = NewTrace();
        for (int i = 0; i < opens; i++)
        {
            ulong time = 1_000_000 + ((ulong)i * 1_000_000);
            trace.Sample(Open, time, frames: [0x1001, 0x2001], payload: SmallTrace.Text("/etc/hosts"));
            trace.Sample(OpenReturn, time + length, cpu: 1, frames: [0x1001], payload: [3, 0, 0, 0]);
        }

        return trace
            .Sample(Wait, 9_000_000, cpu: 1, thread: 0xffff800000b02040, name: "worker", frames: [0x3001, 0x2001])
            .Sample(WaitReturn, 10_000_000, cpu: 1, thread: 0xffff800000b02040, name: "worker", frames: [0x3001]);
    }

    public TraceFolder Write(string name, byte[] content)
    {
        File.WriteAllBytes(GetPath(name), content);
        return this;
    }

    public TraceFolder Write(string name, SmallTrace trace) => Write(name, trace.Build());

    public TraceFolder Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string GetPath(string name) => System.IO.Path.Combine(Path, name);

    public OspreyRun Run(params ReadOnlySpan<string> args) => OspreyRun.Start(Path, args);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
