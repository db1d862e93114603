using System.Runtime.CompilerServices;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>
/// A tracepoint with six arguments. Make it by <c>Tracepoint.Define</c>, and keep it in a static readonly field.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
/// <typeparam name="T3">The type of the third argument.</typeparam>
/// <typeparam name="T4">The type of the fourth argument.</typeparam>
/// <typeparam name="T5">The type of the fifth argument.</typeparam>
/// <typeparam name="T6">The type of the sixth argument.</typeparam>
public readonly unsafe struct Tracepoint<T1, T2, T3, T4, T5, T6>
    where T1 : allows ref struct
    where T2 : allows ref struct
    where T3 : allows ref struct
    where T4 : allows ref struct
    where T5 : allows ref struct
    where T6 : allows ref struct
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
    /// <param name="value3">The third argument.</param>
    /// <param name="value4">The fourth argument.</param>
    /// <param name="value5">The fifth argument.</param>
    /// <param name="value6">The sixth argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5, T6 value6)
    {
        if (_descriptor->Active != 0)
            Write(_descriptor, value1, value2, value3, value4, value5, value6);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(
        TracepointDescriptor* descriptor,
        T1 value1,
        T2 value2,
        T3 value3,
        T4 value4,
        T5 value5,
        T6 value6
    )
    {
        int size = 0;
        size = ArgumentWriter<T1>.Advance(size, value1);
        size = ArgumentWriter<T2>.Advance(size, value2);
        size = ArgumentWriter<T3>.Advance(size, value3);
        size = ArgumentWriter<T4>.Advance(size, value4);
        size = ArgumentWriter<T5>.Advance(size, value5);
        size = ArgumentWriter<T6>.Advance(size, value6);
        if (!RecordWriter.TryBegin(descriptor, size, out RecordWriter writer))
            return;

        writer.Put(value1);
        writer.Put(value2);
        writer.Put(value3);
        writer.Put(value4);
        writer.Put(value5);
        writer.Put(value6);
        writer.End();
    }
}
