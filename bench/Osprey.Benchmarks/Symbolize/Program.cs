using System.Diagnostics;
using System.Globalization;
using System.Text;
using Osprey.Symbols;

namespace Osprey.Symbolize;

/// <summary>
/// Reads addresses from standard input and writes their frames in the style of <c>llvm-symbolizer</c> without columns:
/// to compare the two, and to measure.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine(
                "usage: osprey-symbolize ELF[@BASE] [--no-inlines] [--no-demangle] [--no-cache] [--time] < addresses"
            );
            return 2;
        }

        var options = new SymbolizerOptions
        {
            InlinedFrames = !args.Contains("--no-inlines"),
            Demangle = !args.Contains("--no-demangle"),
            UseCache = !args.Contains("--no-cache"),
        };
        long start = Stopwatch.GetTimestamp();
        string[] module = args[0].Split('@');
        using var symbolizer = new Symbolizer(options);
        symbolizer.AddElf(module[0], module.Length > 1 ? ParseAddress(module[1]) : null);

        double opened = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var addresses = new List<ulong>();
        while (Console.In.ReadLine() is { Length: > 0 } line)
            addresses.Add(ParseAddress(line));

        if (args.Contains("--first"))
        {
            Console.Write($"open {opened:f2} ms, answers");
            foreach (ulong address in addresses)
            {
                start = Stopwatch.GetTimestamp();
                symbolizer.TryResolve(address, []);
                Console.Write($" {Stopwatch.GetElapsedTime(start).TotalMilliseconds:f2}");
            }

            Console.WriteLine(" ms");
            return 0;
        }

        if (args.Contains("--time"))
            Measure(symbolizer, addresses);
        else
            Print(symbolizer, addresses);

        foreach (SymbolDiagnostic diagnostic in symbolizer.Diagnostics)
            Console.Error.WriteLine(diagnostic);

        return 0;
    }

    private static ulong ParseAddress(string text) =>
        ulong.Parse(
            text.AsSpan(text.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );

    private static void Print(Symbolizer symbolizer, List<ulong> addresses)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
        var frames = new List<SymbolFrame>();
        foreach (ulong address in addresses)
        {
            frames.Clear();
            if (!symbolizer.TryResolve(address, frames))
                frames.Add(new SymbolFrame(address, null));

            foreach (SymbolFrame frame in frames)
            {
                output.Write(frame.Name ?? "??");
                output.Write('\n');
                output.Write(frame.File ?? "??");
                output.Write(':');
                output.Write(frame.Line ?? 0);
                output.Write('\n');
            }

            output.Write('\n');
        }
    }

    private static void Measure(Symbolizer symbolizer, List<ulong> addresses)
    {
        for (int pass = 1; pass <= 4; pass++)
        {
            var frames = new List<SymbolFrame>();
            int known = 0;
            long count = 0;
            var watch = Stopwatch.StartNew();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            foreach (ulong address in addresses)
            {
                frames.Clear();
                if (symbolizer.TryResolve(address, frames))
                    known++;

                count += frames.Count;
            }

            double seconds = watch.Elapsed.TotalSeconds;
            double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            Console.WriteLine(
                $"pass {pass}: {addresses.Count} addresses, {known} known, {count} frames, {seconds * 1e3:f1} ms, "
                    + $"{addresses.Count / seconds:n0}/s; CPU {cpu * 1e3:f0} ms, {addresses.Count / cpu:n0}/s"
            );
        }

        Console.WriteLine(
            $"memory: {Environment.WorkingSet >> 20} MiB working set, {GC.GetTotalMemory(true) >> 20} MiB managed"
        );
    }
}
