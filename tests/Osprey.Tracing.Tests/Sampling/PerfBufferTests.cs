using System.Buffers.Binary;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Sampling;

namespace Osprey.Tracing.Tests.Sampling;

/// <summary>The kernel's buffer, as a file of memory that the test writes instead of the kernel.</summary>
public sealed unsafe class PerfBufferTests : IDisposable
{
    private const int HeadOffset = 1024;
    private const ulong DataSize = 256 << 10;

    private readonly int _page = Environment.SystemPageSize;
    private readonly int _file = Libc.CreateMemoryFile("perf-buffer", 1);
    private readonly PerfBuffer _buffer;
    private readonly byte* _map;
    private ulong _head;

    public PerfBufferTests()
    {
        int size = (256 << 10) + _page;
        Assert.Equal(0, Libc.SetFileSize(_file, size));
        _map = (byte*)Libc.Map(0, (nuint)size, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, _file, 0);
        _buffer = PerfBuffer.Map(_file)!;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _ = Libc.Unmap((nint)_map, (nuint)((int)DataSize + _page));
        _ = Libc.Close(_file);
    }

    [Fact]
    public void Samples_AreReadAcrossTheEnd()
    {
        List<StackSample> samples = [];
        for (int i = 0; i < 10_000; i++) // five times around
        {
            Write(9, Sample(thread: i, time: (ulong)i, cpu: 3, ulong.MaxValue - 511, 0x1000, 0x2000));
            Assert.Equal(0, _buffer.Drain(samples));
        }

        Assert.Equal(Enumerable.Range(0, 10_000), samples.Select(sample => sample.Thread));
        Assert.All(samples, sample => Assert.Equal((3, (ulong)sample.Thread), (sample.Cpu, sample.Time)));
        // The word that user frames follow is left out; the instruction is as a return address would be.
        Assert.All(samples, sample => Assert.Equal([0x1001ul, 0x2000, 0, 0, 0, 0, 0, 0, 0, 0], Frames(sample)));
    }

    [Fact]
    public void Frames_BeyondTheTenth_AreLeftOut()
    {
        Write(9, Sample(1, 1, 0, [.. Enumerable.Range(1, 20).Select(i => (ulong)i)]));
        List<StackSample> samples = [];
        _buffer.Drain(samples);
        Assert.Equal([2ul, 2, 3, 4, 5, 6, 7, 8, 9, 10], Frames(Assert.Single(samples)));
    }

    [Fact]
    public void Losses_AreCounted_AndOtherRecordsLeftOut()
    {
        Write(2, [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(41L)]);
        Write(5, new byte[24]);
        Write(6, new byte[24]);
        Write(77, new byte[40]);
        Write(9, Sample(1, 2, 3, 4));
        List<StackSample> samples = [];
        Assert.Equal(42, _buffer.Drain(samples));
        Assert.Equal(4ul + 1, Frames(Assert.Single(samples))[0]);
        Assert.Equal(0, _buffer.Drain(samples));
    }

    /// <summary>A count of frames or a size that can't be is not believed, and nothing is read twice.</summary>
    [Theory]
    [InlineData(24, ulong.MaxValue)]
    [InlineData(24, 1000ul)]
    [InlineData(6, 0xFFFFul)]
    [InlineData(6, 0ul)]
    [InlineData(6, 7ul)]
    public void Records_ThatLie_AreNotReadBeyond(int offset, ulong lie)
    {
        byte[] body = Sample(1, 2, 3, 4, 5);
        ulong start = _head;
        Write(9, body);
        byte* record = _map + _page + start;
        if (offset == 6)
            *(ushort*)(record + 6) = (ushort)lie;
        else
            *(ulong*)(record + 8 + offset) = lie;
        List<StackSample> samples = [];
        Assert.Equal(0, _buffer.Drain(samples));
        Assert.Equal(offset == 6 ? 0 : 1, samples.Count);
        _buffer.Drain(samples);
        Assert.Equal(offset == 6 ? 0 : 1, samples.Count);
    }

    [Fact]
    public void Records_ThatAreTooShort_AreLeftOut()
    {
        for (int size = 0; size < 24; size++)
            Write(9, Sample(1, 2, 3, 4)[..size]);
        Write(2, new byte[8]);
        List<StackSample> samples = [];
        Assert.Equal(0, _buffer.Drain(samples));
        Assert.Empty(samples);
    }

    private static ulong[] Frames(StackSample sample) => ((ReadOnlySpan<ulong>)sample.Addresses).ToArray();

    private static byte[] Sample(int thread, ulong time, int cpu, params ulong[] frames)
    {
        byte[] body = new byte[32 + (frames.Length * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), thread);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(8), time);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(16), cpu);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(24), frames.Length);
        for (int i = 0; i < frames.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(32 + (i * 8)), frames[i]);
        return body;
    }

    private void Write(uint type, byte[] body)
    {
        byte[] record = new byte[8 + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, type);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)record.Length);
        body.CopyTo(record, 8);
        foreach (byte value in record)
            _map[_page + (int)(_head++ % DataSize)] = value;
        Volatile.Write(ref *(ulong*)(_map + HeadOffset), _head);
    }
}
