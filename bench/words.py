"""Words that generated journals are written with, the commonest first in each list.

The lists are short; `Vocabulary` adds inflections, particles and a long tail of made-up words, so
that a long journal has as many distinct words, syllables and characters as a real one.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

ENGLISH = """
the of and a to in is we for with that on this are by model as from it an can be data not method
image training results which network learning show using between than one at more each have two
images models but these over only our their segmentation diffusion sampling reward policy loss
latent baseline dataset noise score step error small large time feature ablation accuracy question
answer paper table figure cardiac scan motion mesh label weight prior shape graph token attention
transformer decoder encoder embedding gradient variance estimate bound proof kernel patch volume
slice ventricle heart valve flow field surface point cloud registration deformation atlas cohort
patient clinical contrast resolution artefact reconstruction acquisition sequence frame video text
prompt caption retrieval ranking query document language translation speech audio signal frequency
filter spectrum wavelet transform inverse operator linear sparse dense random uniform normal prior
posterior likelihood inference sampler chain temperature entropy energy potential force particle
agent action state reward value return trajectory horizon planning search tree rollout simulator
robot control feedback preference alignment safety helpful honest evaluation benchmark judge human
annotation agreement bias fairness privacy federated client server update round communication cost
memory cache batch throughput latency hardware quantised pruning distillation teacher student
transfer domain shift adaptation robust adversarial attack defence certificate margin calibration
uncertainty ensemble dropout bayesian gaussian process regression classification clustering
detection tracking matching alignment pose depth stereo camera lens scene object instance mask
boundary contour region background foreground texture colour light shadow rendering neural
implicit explicit parametric continuous discrete conditional unconditional guided generative
synthetic realistic plausible faithful consistent stable simple complex fast slow cheap expensive
early late deep shallow wide narrow local global multi single joint separate shared independent
useful surprising puzzling missing unclear strong weak better worse similar different new old
compare measure improve reduce increase propose describe explain assume fail work suggest repeat
reproduce implement evaluate test check plan read write discuss remember revisit connect extend
limitation assumption appendix derivation experiment setting protocol split fold seed average
deviation median quantile percent ratio curve slope plateau minimum maximum threshold schedule
learning rate warmup decay momentum optimiser curvature landscape basin symmetry invariance
equivariance group rotation translation scale permutation manifold geometry metric distance
similarity cosine projection subspace rank spectrum eigenvalue factor tensor matrix vector scalar
""".split()

KOREAN_NOUNS = """
모델 학습 데이터 이미지 결과 방법 논문 실험 확산 보상 강화 영상 분할 심장 환자 잡음 표본 정책 손실
잠재 성능 비교 단계 시간 오차 정확도 질문 답변 그림 표 가중치 사전 분포 형상 그래프 토큰 주의
변환기 부호기 복호기 임베딩 기울기 분산 추정 경계 증명 커널 부피 단면 심실 판막 흐름 표면 점군
정합 변형 지도책 코호트 임상 대비 해상도 재구성 획득 순서 영상화 문장 자막 검색 순위 문서 언어
번역 음성 신호 주파수 필터 변환 역문제 연산자 희소 무작위 정규 사후 우도 추론 사슬 온도 엔트로피
에너지 입자 행동 상태 가치 궤적 계획 탐색 시뮬레이터 로봇 제어 선호 정렬 안전 평가 벤치마크 심판
사람 주석 합의 편향 공정성 개인정보 연합 서버 통신 비용 기억 묶음 처리량 지연 양자화 가지치기 증류
교사 학생 전이 도메인 적응 강건성 공격 방어 보정 불확실성 앙상블 회귀 분류 군집 탐지 추적 자세
깊이 카메라 장면 객체 마스크 윤곽 영역 배경 질감 조명 렌더링 신경망 생성 합성 조건 안내 일관성
안정성 한계 가정 부록 유도 설정 규약 평균 편차 비율 곡선 문턱값 일정 학습률 관성 최적화 대칭
불변성 회전 다양체 기하 거리 유사도 투영 계수 행렬 벡터 연구 다음주 지난주 토론 재현 구현
""".split()

KOREAN_VERBS = """
보인다 했다 된다 있다 없다 나온다 줄인다 늘린다 비교한다 제안한다 설명한다 가정한다 실패한다
다룬다 쓴다 읽었다 고쳤다 돌렸다 정리했다 확인한다 필요하다 흥미롭다 어렵다 쉽다 빠르다 느리다
비슷하다 다르다 좋다 나쁘다 크다 작다 이해했다 모르겠다 궁금하다 재현했다 논의했다 이어진다
개선한다 측정한다 학습한다 생성한다
""".split()

KOREAN_PARTICLES = (
    "을 를 이 가 은 는 의 에 에서 로 으로 와 과 도 만 부터 까지 보다 처럼 에는 이나".split()
)

CHINESE = """
模型 学习 数据 图像 结果 方法 论文 实验 扩散 奖励 强化 分割 心脏 患者 噪声 采样 策略 损失 潜在
性能 比较 步骤 时间 误差 精度 问题 回答 表格 权重 先验 分布 形状 图谱 词元 注意力 变换器 编码器
解码器 嵌入 梯度 方差 估计 边界 证明 核函数 体积 切片 心室 瓣膜 血流 表面 点云 配准 形变 队列 临床
对比度 分辨率 重建 采集 序列 视频 文本 提示 检索 排序 查询 文档 语言 翻译 语音 信号 频率 滤波 频谱
变换 逆问题 算子 稀疏 随机 正态 后验 似然 推断 温度 能量 粒子 智能体 动作 状态 价值 轨迹 规划 搜索
模拟器 机器人 控制 偏好 对齐 安全 评估 基准 标注 一致 偏差 公平 隐私 联邦 通信 成本 内存 批次 吞吐
延迟 量化 剪枝 蒸馏 教师 学生 迁移 领域 适应 鲁棒 对抗 攻击 防御 校准 不确定性 集成 回归 分类 聚类
检测 跟踪 姿态 深度 相机 场景 目标 掩膜 轮廓 区域 背景 纹理 光照 渲染 神经网络 生成 合成 条件 引导
一致性 稳定 简单 复杂 快速 缓慢 局部 全局 联合 共享 独立 有用 意外 不清楚 提出 说明 假设 失败 改进
测量 减少 增加 复现 实现 讨论 下周 上周 继续 局限 附录 推导 设置 协议 平均 标准差 比例 曲线 阈值
学习率 动量 优化器 对称 不变性 旋转 流形 几何 距离 相似度 投影 特征值 张量 矩阵 向量 研究 我们
可以 这个 通过
""".split()

CHINESE_GLUE = "的 了 在 是 和 与 对 中 上 用 将 从 而 但 也 比 为 由 及 更".split()

FAMILY_NAMES = """
Kim Lee Park Choi Jung Wang Li Zhang Liu Chen Yang Huang Zhao Müller Schmidt García Fernández
Silva Santos Rossi Bianchi Dubois Lefèvre Novák Kowalski Ivanova Petrov Tanaka Suzuki Sato Nguyen
Tran Singh Patel Kumar Smith Johnson Brown Taylor Wilson Okafor Mensah Haddad Cohen Levi Andersson
Hansen Virtanen Papadopoulos Yılmaz Demir Øster Łukasz
""".split()

GIVEN_NAMES = """
Minjun Seoyeon Jiho Haeun Wei Jing Xiaoming Yifan Anna Jonas María Carlos João Giulia Marco
Camille Eva Piotr Olga Haruto Yui Linh Arjun Priya Emma Oliver Grace Kwame Amira Noam Erik Aino
Eleni Deniz
""".split()

EAST_ASIAN_NAMES = (
    ("김", "민준"),
    ("박", "서연"),
    ("이", "지호"),
    ("王", "伟"),
    ("陳", "怡君"),
    ("李", "晓明"),
)

TOPICS = """
diffusion segmentation cardiac reinforcement alignment retrieval robotics geometry privacy
reproducibility 강화학습 심장영상 扩散模型 医学图像 表示学习
""".split()

_ENDINGS = ("", "", "", "s", "ing", "ed", "er", "ly")
_SYLLABLES = [a + b for a in "b c d f g k l m n p r s t v z pr st tr gl".split() for b in "aeiou"]


@dataclass(frozen=True)
class Vocabulary:
    """Lists of word forms with the weights that `random.Random.choices` draws them by."""

    english: list[str]
    korean: list[str]
    chinese: list[str]
    weights: dict[str, list[float]]

    def draw(self, rng: random.Random, lang: str, count: int) -> list[str]:
        """``count`` words of ``lang`` ("en", "ko", "zh"), common ones often."""
        words = {"en": self.english, "ko": self.korean, "zh": self.chinese}[lang]
        return rng.choices(words, cum_weights=self.weights[lang], k=count)


def vocabulary(seed: int = 1) -> Vocabulary:
    """The same vocabulary for the same seed: about 9,000 forms a language, falling off as Zipf's law
    has it."""
    rng = random.Random(f"vocabulary {seed}")
    english = list(dict.fromkeys(ENGLISH))
    english += [inflect(word, rng.choice(_ENDINGS)) for word in english[100:] for _ in range(2)]
    english += [made_up_word(rng) for _ in range(7500)]
    korean = [n + p for p in ("", *KOREAN_PARTICLES) for n in KOREAN_NOUNS]
    korean += [a + b for a, b in itertools.pairwise(KOREAN_NOUNS)]
    rng.shuffle(korean)
    syllables = _double_byte("euc_kr", 0xB0, 0xC8)
    korean = KOREAN_NOUNS[:60] + korean
    korean += ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(4000)]
    characters = _double_byte("gb2312", 0xB0, 0xD7)
    rng.shuffle(characters)
    common = characters[:1500]
    chinese = CHINESE + [a + b for a, b in itertools.pairwise(CHINESE)]
    chinese += ["".join(rng.choices(common, k=rng.choice((2, 2, 2, 3)))) for _ in range(6000)]
    chinese += ["".join(rng.choices(characters, k=2)) for _ in range(2000)]
    lists = {"en": english, "ko": korean, "zh": chinese}
    weights = {lang: _zipf(len(words)) for lang, words in lists.items()}
    return Vocabulary(english, korean, chinese, weights)


def inflect(word: str, ending: str) -> str:
    """``word`` with an English ending, spelt as English mostly does."""
    if word.endswith("e") and ending[:1] in ("i", "e"):
        return word[:-1] + ending
    if word.endswith("y") and ending == "s":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "ch", "sh")) and ending == "s":
        return word + "es"
    return word + ending


def made_up_word(rng: random.Random) -> str:
    """A word such as a method's name: two to four syllables, now and then with a digit."""
    word = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))
    word += rng.choice(("", "n", "r", "x", "net", "s"))
    kind = rng.random()
    if kind < 0.15:
        return word.capitalize()
    if kind < 0.2:
        return word[:4].upper() + str(rng.randint(1, 9))
    return word


def _double_byte(encoding: str, first: int, last: int) -> list[str]:
    """The characters of a double-byte national standard whose lead byte is in ``first..last``."""
    pairs = (bytes((a, b)) for a in range(first, last + 1) for b in range(0xA1, 0xFF))
    return [text for pair in pairs if (text := pair.decode(encoding, "ignore"))]


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 8) for rank in range(count)))
