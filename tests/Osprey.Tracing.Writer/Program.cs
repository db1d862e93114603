using System.Globalization;
using System.Runtime.CompilerServices;

namespace Osprey.Tracing.Writer;

/// <summary>
/// Writes numbered records: <c>writer THREADS RECORDS [RINGSIZE CPUS SPARES]</c>. It says "ready" and its totals on
/// standard output, begins at a line on standard input, and ends, or aborts, at another one. When the environment has
/// it follow who awaits whom, an async method says something when it is resumed.
/// </summary>
internal static class Program
{
    private static readonly Tracepoint<uint, uint, ulong> s_numbered = Tracepoint.Define<uint, uint, ulong>(
        "numbered",
        "thread=%u number=%u check=%x"
    );

    private static readonly Tracepoint<string> s_said = Tracepoint.Define<string>("said", "\"%s\"");

    public static int Main(string[] args)
    {
        int[] numbers = [.. args.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        if (numbers is [_, _, var size, var cpus, var spares])
            Rings.TraceRings.Replace(size, cpus, spares);

        Tracing.Enable("numbered");
        Tracing.Enable("said", backtrace: true);
        s_said.Record("ready");
        Console.WriteLine("ready");
        Console.ReadLine();
        // The end may come in the middle.
        var end = new Thread(() =>
        {
            if (Console.ReadLine() == "abort")
                Environment.FailFast("a test wants a core file");
        });
        end.Start();
        Thread[] writers =
        [
            .. Enumerable.Range(0, numbers[0]).Select(thread => new Thread(() => Write((uint)thread, numbers[1]))),
        ];
        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();
        if (AsyncCallers.IsOn)
            AwaitAll();

        TraceTotals totals = Tracing.GetTotals();
        Console.WriteLine($"{totals.Written} {totals.Overwritten} {totals.Dropped}");
        end.Join();
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(uint thread, int records)
    {
        for (uint number = 1; number <= records; number++)
        {
            s_numbered.Record(thread, number, unchecked(((ulong)thread << 32) * number));
            if (number % 1024 == 0)
                s_said.Record("a thousand more");
        }
    }

    private static void AwaitAll()
    {
        // Resumed once they are awaited.
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task said = AwaitAsync(gate.Task);
        gate.SetResult();
        said.GetAwaiter().GetResult();
    }

    private static async Task AwaitAsync(Task gate)
    {
        await SayLaterAsync(gate);
        s_said.Record("after");
    }

    private static async Task SayLaterAsync(Task gate)
    {
        await gate;
        s_said.Record("later");
    }
}
