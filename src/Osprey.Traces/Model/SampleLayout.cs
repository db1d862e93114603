namespace Osprey.Traces.Model;

/// <summary>The layout of one sample in memory: fields at fixed places, the backtrace, the arguments.</summary>
/// <remarks>
/// <para>
/// Millions of samples a second pass through, so a sample is no object: it is a stretch of bytes in the batch's
/// buffer, and <see cref="TraceEvent"/> is the view that gives its fields by meaning. Numbers are little-endian and
/// packed.
/// </para>
/// <para>
/// The fields of fixed size come first. Behind them lie the return addresses of the backtrace, innermost first, 8
/// bytes each, and a zero that ends them; a sample without a backtrace has only the zero. The rest are the arguments,
/// laid out as <see cref="PayloadLayout"/> says. <see cref="SampleRecord"/> keeps the places that differ from sample to
/// sample, so nothing is searched for twice.
/// </para>
/// <para>
/// This layout belongs to the model. File formats have layouts of their own, and a reader may bring its samples here
/// in any way: <see cref="SampleBatch.Add(in SampleFields)"/> packs one field by field. The order of the fields is the
/// one of the most frequent input, so that its reader can read a file into the buffer and use the samples where they
/// are, without a copy.
/// </para>
/// </remarks>
internal static class SampleLayout
{
    /// <summary>Offset of the tracepoint's key, 8 bytes.</summary>
    public const int Key = 0;

    /// <summary>Offset of the thread, 8 bytes.</summary>
    public const int Thread = 8;

    /// <summary>Offset of the thread's name, filled up with zeros.</summary>
    public const int ThreadName = 16;

    /// <summary>Size of the thread's name in bytes.</summary>
    public const int ThreadNameSize = 16;

    /// <summary>Offset of the time, 8 bytes.</summary>
    public const int Time = 32;

    /// <summary>Offset of the CPU's number, 4 bytes.</summary>
    public const int Cpu = 40;

    /// <summary>Offset of the backtrace, behind all fields of fixed size.</summary>
    public const int Backtrace = 44;

    /// <summary>Offset of the arguments in a sample with so many frames.</summary>
    public static int PayloadOffset(int frameCount) => Backtrace + ((frameCount + 1) * sizeof(ulong));
}
