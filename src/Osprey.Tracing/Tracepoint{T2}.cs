using System.Runtime.CompilerServices;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>
/// A tracepoint with two arguments. Make it by <c>Tracepoint.Define</c>, and keep it in a static readonly field.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
public readonly unsafe struct Tracepoint<T1, T2>
    where T1 : allows ref struct
    where T2 : allows ref struct
{
    private readonly TracepointDescriptor* _descriptor;

    internal Tracepoint(TracepointDescriptor* descriptor) => _descriptor = descriptor;

    /// <summary>Whether a hit is recorded or counted: ask before you compute an argument that takes time.</summary>
    public bool IsActive
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _descriptor->Active != 0;
    }

    /// <summary>Records a hit, if that is wanted. Allocates nothing, waits for nobody.</summary>
    /// <param name="value1">The first argument.</param>
    /// <param name="value2">The second argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(T1 value1, T2 value2)
    {
        if (_descriptor->Active != 0)
            Write(_descriptor, value1, value2);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(TracepointDescriptor* descriptor, T1 value1, T2 value2)
    {
        int size = 0;
        size = ArgumentWriter<T1>.Advance(size, value1);
        size = ArgumentWriter<T2>.Advance(size, value2);
        if (!RecordWriter.TryBegin(descriptor, size, out RecordWriter writer))
            return;

        writer.Put(value1);
        writer.Put(value2);
        writer.End();
    }
}
