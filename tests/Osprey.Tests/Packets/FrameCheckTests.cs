using Osprey.Packets.Link;
using Osprey.Tests.Session.Captures;

namespace Osprey.Tests.Packets;

/// <summary>Tests that frames are told from overwritten ones by their own checksums and lengths.</summary>
public sealed class FrameCheckTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(1400)]
    public void Check_WholeFrame_IsVerified(int size) =>
        Assert.Equal(FrameVerdict.Verified, FrameCheck.Check(CapturedFrames.Udp(1, size), false));

    /// <summary>A change of any bit that a checksum covers is noticed.</summary>
    [Fact]
    public void Check_AnyChangedBit_IsDamagedOrNotVerified()
    {
        byte[] frame = CapturedFrames.Udp(5, 33);
        for (int bit = 12 * 8; bit < frame.Length * 8; bit++)
        {
            byte[] changed = [.. frame];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameVerdict.Verified, FrameCheck.Check(changed, false));
        }
    }

    [Fact]
    public void Check_TruncatedAtAnyByte_IsDamaged()
    {
        byte[] frame = CapturedFrames.Udp(5, 33);
        for (int size = 0; size < frame.Length; size++)
            Assert.Equal(FrameVerdict.Damaged, FrameCheck.Check(frame.AsSpan(0, size), false));
    }

    [Fact]
    public void Check_WithPadding_IsVerified() =>
        Assert.Equal(FrameVerdict.Verified, FrameCheck.Check([.. CapturedFrames.Udp(1, 3), 9, 9, 9], false));

    [Fact]
    public void Check_ChecksumToBeMade_IsNotVerified()
    {
        byte[] frame = CapturedFrames.Udp(1);
        frame[40] ^= 0xff; // the checksum's place has that of the pseudo-header
        Assert.Equal(FrameVerdict.Unverifiable, FrameCheck.Check(frame, true));
        Assert.Equal(FrameVerdict.Damaged, FrameCheck.Check(frame, false));
    }

    [Fact]
    public void Check_Arp_IsToldByItsForm()
    {
        byte[] frame = CapturedFrames.Arp();
        Assert.Equal(FrameVerdict.Unverifiable, FrameCheck.Check(frame, false));
        frame[22]++; // the sender's address, which stands in the frame's header as well
        Assert.Equal(FrameVerdict.Damaged, FrameCheck.Check(frame, false));
    }

    [Theory]
    [InlineData("000000000086284000000000b0c7284000000000")] // pointers, in place of a frame
    [InlineData("ffffffffffff00000000000088cc000000000000")]
    [InlineData("ffffffffffff01005e00000188cc000000000000")]
    [InlineData("ffffffffffff52540012345688cc000000000000")]
    public void Check_OtherBytes_AreDamaged(string hex) =>
        Assert.Equal(FrameVerdict.Damaged, FrameCheck.Check(Convert.FromHexString(hex), false));

    [Fact]
    public void Check_OfNeighbours_IsNotVerified() =>
        Assert.Equal(
            FrameVerdict.Unverifiable,
            FrameCheck.Check(Convert.FromHexString("0180c200000e52540012345688cc0207"), false)
        );
}
