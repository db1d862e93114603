using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Rings;

namespace Osprey.Tests.Traces.Rings;

/// <summary>Rings in memory of the test's own: what is read of them while they are written.</summary>
public sealed class RingReaderTests
{
    private const int Size = 16 * SimulatedRing.PageSize;
    private const int SampleSize = 56; // of a sample with a number alone
    private const int SamplesInPage = SimulatedRing.PageSize / SampleSize;

    private readonly SimulatedRing _ring = new(Size);
    private readonly List<ulong> _numbers = [];
    private readonly List<RingLoss> _losses = [];
    private ulong _end;

    [Fact]
    public void Read_RingThatNeverWrapped_GivesAllSamples()
    {
        Write(500);

        ReadAll(_ring.CreateReader());

        Assert.Equal(Numbers(0, 500), _numbers);
        Assert.Empty(_losses);
    }

    [Fact]
    public void Read_WrappedRing_BeginsWithOldestPageAndCountsAllBefore()
    {
        Write(SamplesInPage * 40);
        Write(5); // in the page that held the oldest samples

        ReadAll(_ring.CreateReader());

        int lost = SamplesInPage * (40 - 15);
        Assert.Equal(Numbers(lost, (SamplesInPage * 40) + 5 - lost), _numbers);
        Assert.Equal([new RingLoss(25 * SimulatedRing.PageSize, (ulong)lost, IsEarlier: true)], _losses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_SamplesOfAllSizesFollowed_GivesEachOnce(int seed)
    {
        var random = new Random(seed);
        RingReader reader = _ring.CreateReader(maxRead: 2 * SimulatedRing.PageSize);
        for (int round = 0; round < 300; round++)
        {
            for (int i = random.Next(60); i >= 0; i--)
                _ring.Write(blob: random.Next(4) == 0 ? -1 : random.Next(random.Next(2) == 0 ? 60 : 900));

            ReadAll(reader);
        }

        Assert.Equal(Numbers(0, (int)_ring.Next), _numbers);
        Assert.Empty(_losses);
    }

    [Fact]
    public void Read_OverrunBetweenTwoLooks_LossIsExact()
    {
        RingReader reader = _ring.CreateReader();
        Write(10);
        ReadAll(reader);

        Write(SamplesInPage * 100);
        ReadAll(reader);

        RingLoss loss = Assert.Single(_losses);
        Assert.Equal(_ring.Next, (ulong)_numbers.Count + loss.Samples);
        Assert.Equal(loss.Bytes, _ring.Places[(int)(10 + loss.Samples)] - (10 * SampleSize));
        Assert.False(loss.IsEarlier);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(500)]
    public void Read_KernelThatWritesDuringEachRead_LosesExactlyWhatIsMissing(int samplesForEachRead)
    {
        RingReader reader = _ring.CreateReader(maxRead: SimulatedRing.PageSize);
        _ring.BeforeRead = () => Write(samplesForEachRead);
        for (int round = 0; round < 100; round++)
            ReadAll(reader);

        _ring.BeforeRead = null;
        ReadAll(reader);

        Assert.Equal(_ring.Next, (ulong)_numbers.Count + (ulong)_losses.Sum(loss => (long)loss.Samples));
        Assert.Equal(_numbers.Order().Distinct(), _numbers);
        Assert.Equal(samplesForEachRead > 10, _losses.Count > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void Read_KernelThatWritesAllSizesDuringEachRead_LostBytesAreExact(int samplesForEachRead)
    {
        var random = new Random(samplesForEachRead);
        RingReader reader = _ring.CreateReader(maxRead: 2 * SimulatedRing.PageSize);
        _ring.BeforeRead = () =>
        {
            for (int i = 0; i < samplesForEachRead; i++)
                _ring.Write(blob: random.Next(300));
        };
        for (int round = 0; round < 300; round++)
            ReadAll(reader); // compares places

        Assert.Equal(_numbers.Order().Distinct(), _numbers);
        Assert.NotEmpty(_numbers);
    }

    [Fact]
    public void Read_NewestSampleUnfinished_EndsBeforeItAndComesBack()
    {
        RingReader reader = _ring.CreateReader();
        Write(5);
        _ring.Begin();

        ReadAll(reader);

        Assert.Equal(Numbers(0, 5), _numbers);
        Assert.True(reader.IsBeforeUnfinished);

        _ring.Finish();
        Write(1);
        ReadAll(reader);

        Assert.Equal(Numbers(0, 7), _numbers);
        Assert.False(reader.IsBeforeUnfinished);
        Assert.Empty(_losses);
    }

    [Fact]
    public void Read_MarkOfNextSampleInOldestPage_PageCountsAsOverwritten()
    {
        Write(SamplesInPage * 32); // the next sample goes to the beginning of the page with the oldest ones
        _ring.Bytes.AsSpan(0, 8).Fill(0xff);

        ReadAll(_ring.CreateReader());

        Assert.Equal(Numbers(SamplesInPage * 17, SamplesInPage * 15), _numbers);
        Assert.Equal([new RingLoss(17 * SimulatedRing.PageSize, SamplesInPage * 17, IsEarlier: true)], _losses);
    }

    [Fact]
    public void Read_UnknownTracepoint_EndsThereUntilItIsKnown()
    {
        RingReader reader = _ring.CreateReader();
        Write(3);
        _ring.Write(key: 0x6000);
        Write(3);

        ReadAll(reader);

        Assert.Equal(0x6000UL, reader.UnknownTracepoint);
        Assert.Equal(Numbers(0, 3), _numbers);

        _ring.Tracepoints.Add(0x6000, "new"u8, "Q"u8, ""u8);
        ReadAll(reader);

        Assert.Equal(Numbers(0, 7), _numbers);
        Assert.Empty(_losses);
    }

    [Fact]
    public void Read_UnknownTracepointGivenUp_GoesOnWithNextPage()
    {
        RingReader reader = _ring.CreateReader();
        reader.SkipsUnknown = true;
        Write(3);
        _ring.Write(key: 0x6000);
        Write(SamplesInPage);

        ReadAll(reader);

        Assert.Equal([.. Numbers(0, 3), .. Numbers(SamplesInPage, 4)], _numbers);
        Assert.Equal(SimulatedRing.PageSize - (3 * SampleSize), (long)Assert.Single(_losses).Bytes);
        Assert.NotEqual(0UL, reader.StrangeBytes);
    }

    [Fact]
    public void Look_CountGoesBack_ReadsWhatIsThereNow()
    {
        RingReader reader = _ring.CreateReader();
        Write(SamplesInPage * 3);
        ReadAll(reader);
        _ring.Last = 0; // as after a boot
        _ring.Next = 0;
        Write(4);

        ReadAll(reader);

        Assert.True(reader.WasReset);
        Assert.Equal([.. Numbers(0, SamplesInPage * 3), .. Numbers(0, 4)], _numbers);
    }

    [Fact]
    public void StartAtNewest_OlderSamples_AreNeitherReadNorLost()
    {
        Write(2000);
        RingReader reader = _ring.CreateReader();
        reader.StartAtNewest();
        Write(3);

        ReadAll(reader, compares: false);

        Assert.Equal(Numbers(2000, 3), _numbers);
        Assert.Empty(_losses);
    }

    /// <summary>Reads as a follower does, and checks that places, numbers and losses fit each other.</summary>
    private void ReadAll(RingReader reader, bool compares = true)
    {
        var piece = new RingPiece();
        Assert.True(reader.Look());
        for (int turns = 0; ; turns++)
        {
            Assert.InRange(turns, 0, 10_000);
            (int length, ulong position) = (piece.Length, reader.Position);
            bool hasMore = reader.Read(piece);
            bool isStuck = length == piece.Length && position == reader.Position;
            if (hasMore && !isStuck)
                continue;

            Take(piece, compares && !reader.WasReset);
            if (!hasMore)
                return;
        }
    }

    private void Take(RingPiece piece, bool compares)
    {
        List<ulong> numbers = SimulatedRing.NumbersOf(piece, _ring.Tracepoints);
        Assert.Equal(piece.Count, numbers.Count);
        if (numbers.Count > 0)
            Assert.Equal(Numbers((int)numbers[0], numbers.Count), numbers);

        _numbers.AddRange(numbers);
        if (piece.Loss.Bytes > 0)
            _losses.Add(piece.Loss);

        if (compares && numbers.Count > 0)
        {
            Assert.Equal(_ring.Places[(int)numbers[0]], piece.Position);
            ulong gap = piece.Position - _end;
            // What lies between two pieces is lost, or the unused end of a page.
            Assert.True(gap == piece.Loss.Bytes || (piece.Loss.Bytes == 0 && gap < SimulatedRing.PageSize));
        }

        if (!piece.IsEmpty)
            _end = piece.End;

        piece.Clear();
    }

    private void Write(int count)
    {
        for (int i = 0; i < count; i++)
            _ring.Write();
    }

    private static ulong[] Numbers(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => (ulong)number)];
}
