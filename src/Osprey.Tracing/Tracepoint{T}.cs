using System.Runtime.CompilerServices;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>
/// A tracepoint with one argument. Make it by <c>Tracepoint.Define</c>, and keep it in a static readonly field.
/// </summary>
/// <typeparam name="T">The type of the argument.</typeparam>
public readonly unsafe struct Tracepoint<T>
    where T : allows ref struct
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
    /// <param name="value">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(T value)
    {
        if (_descriptor->Active != 0)
            Write(_descriptor, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(TracepointDescriptor* descriptor, T value)
    {
        int size = 0;
        size = ArgumentWriter<T>.Advance(size, value);
        if (!RecordWriter.TryBegin(descriptor, size, out RecordWriter writer))
            return;

        writer.Put(value);
        writer.End();
    }
}
