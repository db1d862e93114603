using System.Buffers.Binary;

namespace Osprey.Target.Memory;

/// <summary>
/// Values out of a guest's memory, little-endian. False means that a byte of it can't be read; the value is then 0.
/// </summary>
public static class MemoryReaderExtensions
{
    extension(IMemoryReader memory)
    {
        /// <summary>Reads all of a range or says that it can't.</summary>
        public bool TryRead(ulong address, Span<byte> buffer) => memory.Read(address, buffer) == buffer.Length;

        /// <summary>Reads one byte.</summary>
        public bool TryReadByte(ulong address, out byte value)
        {
            value = 0;
            return memory.Read(address, new Span<byte>(ref value)) == 1;
        }

        /// <summary>Reads 2 bytes.</summary>
        public bool TryReadUInt16(ulong address, out ushort value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ushort)];
            bool whole = memory.TryRead(address, bytes);
            value = whole ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
            return whole;
        }

        /// <summary>Reads 4 bytes.</summary>
        public bool TryReadUInt32(ulong address, out uint value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            bool whole = memory.TryRead(address, bytes);
            value = whole ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
            return whole;
        }

        /// <summary>Reads 8 bytes.</summary>
        public bool TryReadUInt64(ulong address, out ulong value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            bool whole = memory.TryRead(address, bytes);
            value = whole ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
            return whole;
        }
    }
}
