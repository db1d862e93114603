using System.Text;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Memory;

public class ScatterReaderTests
{
    [Fact]
    public void Read_ManyInOnePage_ReadsItOnce()
    {
        (FakeMemory physical, VirtualMemory memory) = Make(0x4000);
        var requests = new ReadRequest[200];
        for (int i = 0; i < requests.Length; i++)
            requests[i] = new ReadRequest((ulong)((i * 1237) % 0x2000), 8);

        int[] counts = new int[requests.Length];
        memory.TryReadByte(0, out _); // the translation of page 0 is kept from here on
        int before = physical.Reads;
        new ScatterReader(memory).Read(requests, new byte[200 * 8], counts);

        Assert.Equal(2, physical.Reads - before);
        Assert.All(counts, count => Assert.Equal(8, count));
    }

    [Fact]
    public void Read_AnyRequests_GivesWhatSingleReadsGive()
    {
        (_, VirtualMemory memory) = Make(0x3800);
        var random = new Random(5);
        var reader = new ScatterReader(memory);
        for (int round = 0; round < 50; round++)
        {
            ReadRequest[] requests =
            [
                .. Enumerable
                    .Range(0, 30)
                    .Select(_ => new ReadRequest(
                        (ulong)random.Next(0x5000),
                        random.Next(8) == 0 ? random.Next(6000) : random.Next(40)
                    )),
            ];
            byte[] buffer = new byte[requests.Sum(request => request.Size)];
            int[] counts = new int[requests.Length];
            reader.Read(requests, buffer, counts);
            int offset = 0;
            for (int i = 0; i < requests.Length; i++)
            {
                byte[] expected = new byte[requests[i].Size];
                int count = memory.Read(requests[i].Address, expected);
                Assert.Equal(expected[..count], buffer[offset..(offset + counts[i])]);
                offset += requests[i].Size;
            }
        }
    }

    [Fact]
    public void Read_BuffersTooSmall_Throws()
    {
        (_, VirtualMemory memory) = Make(0x1000);

        Assert.Throws<ArgumentException>(() =>
            new ScatterReader(memory).Read([new ReadRequest(0, 8)], new byte[7], new int[1])
        );
        Assert.Throws<ArgumentException>(() =>
            new ScatterReader(memory).Read([new ReadRequest(0, 8)], new byte[8], [])
        );
    }

    [Fact]
    public void ReadText_SaysHowItEnds()
    {
        byte[] bytes = new byte[0x1000];
        bytes.AsSpan().Fill((byte)'x');
        "hello\0"u8.CopyTo(bytes.AsSpan(0xfd));
        Encoding.UTF8.GetBytes("äöü\0").CopyTo(bytes, 0x200);
        var memory = new VirtualMemory(
            new FakeMemory().Add(0, bytes),
            new PageTableWalker(new FakeMemory(), X64Paging.Off)
        );

        Assert.Equal(("hello", GuestTextEnd.Terminated), Describe(memory.ReadText(0xfd)));
        Assert.Equal(("hello", GuestTextEnd.Terminated), Describe(memory.ReadText(0xfd, 5)));
        Assert.Equal(("hell", GuestTextEnd.Truncated), Describe(memory.ReadText(0xfd, 4)));
        Assert.Equal(("äöü", GuestTextEnd.Terminated), Describe(memory.ReadText(0x200)));
        Assert.Equal(("xxxx", GuestTextEnd.Unreadable), Describe(memory.ReadText(0xffc)));
        Assert.Equal(("", GuestTextEnd.Unreadable), Describe(memory.ReadText(0x1000)));
        Assert.Equal(("", GuestTextEnd.Truncated), Describe(memory.ReadText(0x300, 0)));
        Assert.Equal(0x1000 - 0x300, memory.ReadText(0x300).Bytes.Length);
    }

    private static (string, GuestTextEnd) Describe(GuestText text) => (text.Text, text.End);

    private static (FakeMemory Physical, VirtualMemory Virtual) Make(int size)
    {
        byte[] bytes = new byte[size];
        new Random(4).NextBytes(bytes);
        FakeMemory physical = new FakeMemory().Add(0, bytes);
        return (physical, new VirtualMemory(physical, new PageTableWalker(physical, X64Paging.Off)));
    }
}
