using System.Runtime.CompilerServices;
using Osprey.Tracing.Control;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>A tracepoint without arguments, and the place where tracepoints of all kinds are defined.</summary>
/// <remarks>
/// A tracepoint is kept in a static readonly field. While it is off, <c>Record</c> is one load and one branch. Names
/// end in
/// <c>_ret</c> or <c>_err</c> where a call that another tracepoint began returns or fails: analyses pair them.
/// </remarks>
public readonly unsafe struct Tracepoint
{
    private readonly TracepointDescriptor* _descriptor;

    internal Tracepoint(TracepointDescriptor* descriptor) => _descriptor = descriptor;

    /// <summary>Whether a hit is recorded or counted.</summary>
    public bool IsActive
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _descriptor->Active != 0;
    }

    /// <summary>Defines a tracepoint without arguments.</summary>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record.</param>
    /// <exception cref="ArgumentException">Name or format are not usable; the message says why.</exception>
    public static Tracepoint Define(string name, string format = "") => new(TracepointList.Define(name, format, []));

    /// <summary>Defines a tracepoint with one argument.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T> Define<T>(string name, string format)
        where T : allows ref struct => new(TracepointList.Define(name, format, [typeof(T)]));

    /// <summary>Defines a tracepoint with two arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2> Define<T1, T2>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct => new(TracepointList.Define(name, format, [typeof(T1), typeof(T2)]));

    /// <summary>Defines a tracepoint with three arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3> Define<T1, T2, T3>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct => new(TracepointList.Define(name, format, [typeof(T1), typeof(T2), typeof(T3)]));

    /// <summary>Defines a tracepoint with four arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4> Define<T1, T2, T3, T4>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct =>
        new(TracepointList.Define(name, format, [typeof(T1), typeof(T2), typeof(T3), typeof(T4)]));

    /// <summary>Defines a tracepoint with five arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="T5">The type of the fifth argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4, T5> Define<T1, T2, T3, T4, T5>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct
        where T5 : allows ref struct =>
        new(TracepointList.Define(name, format, [typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5)]));

    /// <summary>Defines a tracepoint with six arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="T5">The type of the fifth argument.</typeparam>
    /// <typeparam name="T6">The type of the sixth argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4, T5, T6> Define<T1, T2, T3, T4, T5, T6>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct
        where T5 : allows ref struct
        where T6 : allows ref struct =>
        new(
            TracepointList.Define(
                name,
                format,
                [typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6)]
            )
        );

    /// <summary>Defines a tracepoint with seven arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="T5">The type of the fifth argument.</typeparam>
    /// <typeparam name="T6">The type of the sixth argument.</typeparam>
    /// <typeparam name="T7">The type of the seventh argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4, T5, T6, T7> Define<T1, T2, T3, T4, T5, T6, T7>(string name, string format)
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct
        where T5 : allows ref struct
        where T6 : allows ref struct
        where T7 : allows ref struct =>
        new(
            TracepointList.Define(
                name,
                format,
                [typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7)]
            )
        );

    /// <summary>Defines a tracepoint with eight arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="T5">The type of the fifth argument.</typeparam>
    /// <typeparam name="T6">The type of the sixth argument.</typeparam>
    /// <typeparam name="T7">The type of the seventh argument.</typeparam>
    /// <typeparam name="T8">The type of the eighth argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4, T5, T6, T7, T8> Define<T1, T2, T3, T4, T5, T6, T7, T8>(
        string name,
        string format
    )
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct
        where T5 : allows ref struct
        where T6 : allows ref struct
        where T7 : allows ref struct
        where T8 : allows ref struct =>
        new(
            TracepointList.Define(
                name,
                format,
                [typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8)]
            )
        );

    /// <summary>Defines a tracepoint with nine arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="T5">The type of the fifth argument.</typeparam>
    /// <typeparam name="T6">The type of the sixth argument.</typeparam>
    /// <typeparam name="T7">The type of the seventh argument.</typeparam>
    /// <typeparam name="T8">The type of the eighth argument.</typeparam>
    /// <typeparam name="T9">The type of the ninth argument.</typeparam>
    /// <param name="name">The name that it is switched and listed by.</param>
    /// <param name="format">The text of a record, with a printf-like conversion for each argument.</param>
    /// <exception cref="ArgumentException">Name, format or types are not usable; the message says why.</exception>
    public static Tracepoint<T1, T2, T3, T4, T5, T6, T7, T8, T9> Define<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
        string name,
        string format
    )
        where T1 : allows ref struct
        where T2 : allows ref struct
        where T3 : allows ref struct
        where T4 : allows ref struct
        where T5 : allows ref struct
        where T6 : allows ref struct
        where T7 : allows ref struct
        where T8 : allows ref struct
        where T9 : allows ref struct =>
        new(
            TracepointList.Define(
                name,
                format,
                [
                    typeof(T1),
                    typeof(T2),
                    typeof(T3),
                    typeof(T4),
                    typeof(T5),
                    typeof(T6),
                    typeof(T7),
                    typeof(T8),
                    typeof(T9),
                ]
            )
        );

    /// <summary>Records a hit, if that is wanted. Allocates nothing, waits for nobody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record()
    {
        if (_descriptor->Active != 0)
            Write(_descriptor);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(TracepointDescriptor* descriptor)
    {
        if (RecordWriter.TryBegin(descriptor, 0, out RecordWriter writer))
            writer.End();
    }
}
