using System.Text;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Builders.Traces;

/// <summary>Writes small tracefiles of version 3, with correct or wrong content, as a test gives it.</summary>
internal sealed class SmallTrace
{
    public const ulong Thread = 0xffff800000a01040;

    private readonly List<(ulong Key, byte[] Name, string Signature, string Format)> _tracepoints = [];
    private readonly DwarfWriter _samples = new();

    public SmallTrace Tracepoint(ulong key, string name, string signature = "", string format = "")
    {
        _tracepoints.Add((key, Encoding.UTF8.GetBytes(name), signature, format));
        return this;
    }

    public SmallTrace Sample(
        ulong key,
        ulong time,
        uint cpu = 0,
        ulong thread = Thread,
        string name = "init",
        ulong[]? frames = null,
        byte[]? payload = null
    )
    {
        byte[] field = new byte[16];
        Encoding.Latin1.GetBytes(name).CopyTo(field, 0);
        _samples.UInt64(key).UInt64(thread).Bytes(field).UInt64(time).UInt32(cpu);
        foreach (ulong frame in frames ?? [])
            _samples.UInt64(frame);

        _samples.UInt64(0).Bytes(payload ?? []);
        return this;
    }

    public byte[] Build()
    {
        var file = new DwarfWriter().UInt32(3).UInt64((ulong)_tracepoints.Count);
        foreach ((ulong key, byte[] name, string signature, string format) in _tracepoints)
        {
            file.UInt64(key).UInt16((ushort)name.Length).Bytes(name);
            file.UInt16((ushort)signature.Length).Bytes(Encoding.UTF8.GetBytes(signature));
            file.UInt16((ushort)format.Length).Bytes(Encoding.UTF8.GetBytes(format));
        }

        return file.Bytes(_samples.ToArray()).ToArray();
    }

    /// <summary>Returns the field of a text argument.</summary>
    public static byte[] Text(string text)
    {
        byte[] field = new byte[50];
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        field[0] = (byte)bytes.Length;
        bytes.CopyTo(field, 1);
        return field;
    }
}
