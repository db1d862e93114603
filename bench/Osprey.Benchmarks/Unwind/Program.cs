using System.Diagnostics;
using System.Globalization;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Target.Unwinding;

namespace Osprey.Unwind;

/// <summary>
/// Measures how fast stacks are unwound. The stacks are made up of a real file's functions, so that call frame
/// information is looked up all over the file. Each result is compared with the stack as it was made.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("usage: osprey-unwind ELF [STACKS (10000)] [DEPTH (20)]");
            return 2;
        }

        int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        int depth = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20;
        using ElfImage image = ElfImage.Open(args[0]);
        var builder = new StackBuilder(FrameTable.FromImage(image, FrameSectionKind.EhFrame)!);
        MadeStack[] stacks = [.. Enumerable.Range(0, count).Select(_ => builder.Build(depth))];

        for (int round = 0; round < 4; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            var modules = new UnwindModuleList([new UnwindModule(image, LoadBias.None)]);
            var memory = new StackMemory();
            var unwinder = new Unwinder(modules, memory);
            long frames = 0;
            foreach (MadeStack stack in stacks)
            {
                memory.Use(stack);
                Backtrace trace = unwinder.Unwind(stack.Registers);
                frames += trace.Frames.Count;
                if (trace.Frames.Count != depth || trace.Frames[^1].Address.Value != stack.LastReturnAddress)
                    throw new InvalidOperationException(
                        $"a stack of {depth} frames came out with {trace.Frames.Count}: {trace.End}"
                    );
            }

            TimeSpan time = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Console.WriteLine(
                $"{count} stacks, {frames} frames: {time.TotalMilliseconds:f1} ms, {count / time.TotalSeconds:n0} "
                    + "stacks/s, "
                    + $"{time.TotalNanoseconds / frames:f0} ns and {allocated / frames} bytes a frame"
            );
        }

        return 0;
    }
}
