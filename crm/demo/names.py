"""Names put together from lists: people, companies, what companies do.

Companies are named after places and words that were made up for this purpose. Any
likeness to a real company or person is an accident of the combinations.
"""

from dataclasses import dataclass
from itertools import product

from crm.demo.pools import spelt

SECTORS = (
    "Technology", "Professional services", "Healthcare", "Education", "Hospitality",
    "Retail", "Manufacturing", "Construction", "Media & design", "Logistics",
)  # fmt: skip


@dataclass(frozen=True)
class Language:
    """The lists of one language. Words within a text are separated by spaces.

    `trades` has, per sector, what a company may do, words joined by `_`. Chinese
    lists have the Latin spelling behind a colon.
    """

    code: str
    women: str
    men: str
    families: str
    heads: str  # the first half of a company's own name
    tails: str  # the second half
    trades: tuple[str, ...]  # one text per sector, as in SECTORS
    form: str  # of a company's own name and its trade

    def given(self) -> list[str]:
        return f"{self.women} {self.men}".split()

    def companies(self) -> list[tuple[str, str, str]]:
        """All companies of the language: name without legal form, Latin, sector."""
        stems = [
            (first + second, first_latin + second_latin)
            for head, tail in product(self.heads.split(), self.tails.split())
            for (first, first_latin), (second, second_latin) in [
                (spelt(head), spelt(tail))
            ]
        ]
        trades = [
            (*spelt(trade), sector)
            for sector, texts in zip(SECTORS, self.trades, strict=True)
            for trade in texts.split()
        ]
        return [
            (self.form.format(stem=stem, trade=trade), f"{latin}-{latin_trade}", sector)
            for (stem, latin), (trade, latin_trade, sector) in product(stems, trades)
        ]


ENGLISH = Language(
    "en",
    "Alice Amelia Charlotte Chloe Claire Emily Emma Erin Evelyn Fiona Grace Hannah "
    "Harriet Holly Imogen Isla Jasmine Josephine Katherine Laura Lucy Lydia Megan "
    "Molly Naomi Nora Olivia Phoebe Rachel Rebecca Rosie Ruth Sarah Sophie Tessa "
    "Victoria Zoe",
    "Adam Aidan Andrew Arthur Ben Callum Charlie Daniel David Dylan Edward Ethan Finn "
    "Fraser George Harry Henry Isaac Jack James Joel Jonathan Joseph Kieran Lewis "
    "Liam Luke Martin Matthew Nathan Noah Oliver Oscar Owen Patrick Peter Ryan Samuel "
    "Simon Theo Thomas Toby William",
    "Abbott Archer Ashworth Atkins Barker Barrett Beckett Bennett Bishop Blackwood "
    "Booth Bradley Brennan Briggs Burgess Byrne Carver Chambers Clarke Coleman Cooper "
    "Crawford Dalton Davies Dawson Doyle Ellis Farrell Fleming Foster Gallagher "
    "Gibson Goodwin Graham Griffiths Hale Harding Harper Hayes Holloway Hughes Hutton "
    "Ingram Jarvis Jenkins Keane Kendall Lambert Lawson Lloyd Marsh Mercer Morgan "
    "Murray Nolan Norris Osborne Palmer Parsons Pearce Porter Quinn Ramsey Reeves "
    "Rhodes Rowe Sawyer Sharpe Shaw Sinclair Slater Spencer Stokes Sutton Tate "
    "Thornton Tucker Turner Underwood Vaughan Wallace Walsh Warren Webster Whitaker "
    "Wilkes Woodward Yates",
    "Asker Bram Carn Dunmer Elver Fenna Garth Hessel Kess Lorn Morrow Nettle Oaken "
    "Penny Quill Ravel Selden Thistle Umber Wexley Yarn",
    "bourne combe croft dale ford gate leigh mere stead wick worth well",
    (
        "Software Data_Systems Networks Robotics",
        "Accountants Consulting Solicitors Surveyors Recruitment",
        "Dental_Practice Physiotherapy Veterinary_Clinic Opticians",
        "Training Language_School Nursery",
        "Hotel Coffee_House Catering Guest_House Kitchen",
        "Books Outdoor Cycles Interiors",
        "Engineering Packaging Instruments Ceramics Joinery",
        "Builders Architects Roofing",
        "Studio Publishing Films Print_Works",
        "Freight Couriers Storage",
    ),
    "{stem} {trade}",
)
GERMAN = Language(
    "de",
    "Andrea Anja Anna Antonia Birgit Carolin Charlotte Claudia Elena Eva Franziska "
    "Hanna Heike Helene Ines Jana Johanna Julia Karin Katharina Katrin Laura Lea Lena "
    "Luisa Marie Martina Miriam Monika Nina Paula Petra Sabine Sandra Silke Sophie "
    "Stefanie Susanne Theresa Ulrike Vera",
    "Alexander Andreas Anton Bernd Christian Clemens Daniel David Dirk Emil Erik "
    "Fabian Felix Florian Frank Georg Hannes Jakob Jan Jens Johannes Jonas Julian Kai "
    "Klaus Konrad Lars Leon Lukas Markus Martin Matthias Max Moritz Niklas Oliver "
    "Paul Philipp Ralf Sebastian Simon Stefan Sven Thomas Tim Tobias Uwe Volker",
    "Albrecht Arnold Bauer Baumann Becker Behrens Berger Böhm Brandt Braun Busch "
    "Dietrich Ebert Eckert Engel Ernst Fiedler Fischer Franke Freitag Friedrich Fuchs "
    "Geiger Graf Groß Günther Haas Hahn Hartmann Heinrich Herrmann Hoffmann Horn "
    "Huber Jäger Jansen Kaiser Keller Kern Kirchner Koch König Körner Kraft Krämer "
    "Kramer Kraus Krüger Kuhn Lang Lehmann Lorenz Ludwig Maier Marx Meier Möller "
    "Neumann Nowak Otto Peters Pfeiffer Pohl Reuter Richter Roth Sauer Schäfer Scholz "
    "Schreiber Schröder Schubert Schulte Schwarz Seidel Simon Sommer Stein Thiel "
    "Ulrich Vogel Voigt Wagner Walter Weber Weiß Werner Winkler Winter Wolf Ziegler "
    "Zimmermann",
    "Ahlen Bren Dornen Eichel Falken Gimpel Hasel Kalten Libellen Mühlen Nebel Otter "
    "Rauten Silber Tannen Ulmen Wieden Zeisig",
    "bach beck brink furt hagen horst kamp moor rode siek stedt thal",
    (
        "Software IT-Systeme Datentechnik Robotik",
        "Steuerberatung Unternehmensberatung Rechtsanwälte Personalberatung",
        "Zahnärzte Physiotherapie Tierklinik Optik Labor",
        "Akademie Sprachschule Kindergarten",
        "Hotel Gasthaus Catering Kaffeehaus Pension",
        "Buchhandlung Sportwelt Fahrräder Wohnen",
        "Maschinenbau Verpackungen Messtechnik Metallbau Möbelwerk",
        "Bau Architekten Dachtechnik",
        "Werbeagentur Verlag Filmproduktion Druckerei",
        "Spedition Logistik Lagerhaus",
    ),
    "{stem} {trade}",
)
FRENCH = Language(
    "fr",
    "Adèle Agathe Alice Amandine Anaïs Audrey Aurélie Brigitte Camille Caroline "
    "Céline Charlotte Chloé Claire Clémence Delphine Élise Élodie Emma Florence "
    "Hélène Inès Isabelle Jeanne Juliette Léa Louise Lucie Manon Margaux Marine "
    "Mathilde Nathalie Océane Pauline Romane Sandrine Sophie Sylvie Valérie",
    "Adrien Alexandre Antoine Arnaud Arthur Aurélien Bastien Benoît Bruno Cédric "
    "Clément Damien Denis Édouard Émile Étienne Fabien Florent Gabriel Guillaume Hugo "
    "Jérôme Julien Laurent Louis Lucas Mathieu Maxime Mickaël Nicolas Olivier Pascal "
    "Paul Pierre Quentin Raphaël Rémi Romain Sébastien Thibault Vincent Xavier Yann",
    "Aubert Barbier Baron Bernard Berthelot Blanchard Bonnet Bouchet Boulanger "
    "Bourgeois Brunet Carpentier Charpentier Chevalier Collet Cordier Coulon Delattre "
    "Delaunay Deschamps Dufour Dumont Dupuis Durand Étienne Fabre Faure Fleury "
    "Fontaine Fournier Gaillard Garnier Gauthier Gérard Giraud Guérin Guichard Hamel "
    "Humbert Jacquet Joly Lacroix Lambert Langlois Laurent Leblanc Leclerc Lefèvre "
    "Legrand Lemoine Leroux Maillard Marchand Masson Mercier Meunier Millet Moreau "
    "Morel Moulin Noël Olivier Pasquier Pelletier Perrin Perrot Petit Poirier Prévost "
    "Renard Renaud Rivière Roche Rousseau Roussel Royer Sauvage Tessier Thibaud "
    "Vallet Vasseur Vidal Vincent",
    "Aube Beau Clair Font Grand Haut Mont Neuf Or Pierre Rose Sauve Val Vert",
    "bois champ court fontaine lac mare pré rive roche val vigne ville",
    (
        "Informatique Logiciels Données Robotique",
        "Conseil Expertise_comptable Avocats Recrutement",
        "Cabinet_dentaire Kinésithérapie Clinique_vétérinaire Optique",
        "Formation École_de_langues Crèche",
        "Hôtel Café Traiteur Auberge Bistrot",
        "Librairie Sports Cycles Décoration",
        "Mécanique Emballages Instruments Menuiserie Céramiques",
        "Bâtiment Architectes Toitures",
        "Studio Éditions Films Imprimerie",
        "Transports Messagerie Entrepôts",
    ),
    "{trade} {stem}",
)
SPANISH = Language(
    "es",
    "Adriana Alba Alicia Ana Andrea Beatriz Blanca Carla Carmen Carolina Clara "
    "Cristina Elena Elisa Eva Inés Irene Isabel Julia Laura Lucía Luna Marina Marta "
    "Mercedes Natalia Noelia Nuria Olga Paula Pilar Raquel Rocío Sara Silvia Sofía "
    "Teresa Valeria Verónica Violeta",
    "Adrián Alberto Alejandro Álvaro Andrés Antonio Arturo Bruno Carlos César Daniel "
    "Diego Eduardo Emilio Enrique Esteban Fernando Francisco Gabriel Gonzalo "
    "Guillermo Hugo Ignacio Iván Javier Jorge Julio Leo Lucas Luis Manuel Marcos "
    "Mario Mateo Miguel Nicolás Óscar Pablo Rafael Raúl Ricardo Roberto Rubén Sergio "
    "Tomás Víctor",
    "Aguilar Alonso Álvarez Arias Benítez Blanco Bravo Caballero Cabrera Calvo Campos "
    "Cano Carmona Castillo Cortés Crespo Cruz Delgado Díaz Domínguez Durán Esteban "
    "Ferrer Flores Fuentes Gallardo Gallego Garrido Gil Giménez Guerrero Gutiérrez "
    "Herrera Hidalgo Ibáñez Iglesias Jiménez León Lorenzo Lozano Marín Márquez Medina "
    "Méndez Molina Montero Mora Morales Moreno Moya Muñoz Navarro Nieto Núñez Ortega "
    "Ortiz Pascual Pastor Peña Prieto Ramos Reyes Rivas Román Romero Rubio Ruiz Sáez "
    "Santana Santos Sanz Serrano Soto Suárez Torres Vargas Vega Vicente Vidal",
    "Al Bel Cas Fuente Llano Monte Peña Puente Río Sierra Sol Torre Val Villa",
    "alba brava clara dorada flor fresca llana luna mar negra rosa verde",
    (
        "Informática Software Datos Robótica",
        "Asesores Consultores Abogados Selección",
        "Clínica_dental Fisioterapia Clínica_veterinaria Óptica",
        "Formación Escuela_de_idiomas Guardería",
        "Hotel Cafetería Catering Hostal Restaurante",
        "Librería Deportes Ciclos Decoración",
        "Talleres Envases Instrumentos Carpintería Cerámicas",
        "Construcciones Arquitectos Cubiertas",
        "Estudio Ediciones Producciones Imprenta",
        "Transportes Mensajería Almacenes",
    ),
    "{trade} {stem}",
)
CHINESE = Language(
    "zh",
    "雅琴:yaqin 静怡:jingyi 梦瑶:mengyao 思琪:siqi 晓燕:xiaoyan 丽娟:lijuan "
    "雨桐:yutong 佳慧:jiahui 欣然:xinran 婷婷:tingting 美玲:meiling 诗涵:shihan "
    "秀兰:xiulan 晓彤:xiaotong 芳:fang 琳:lin 颖:ying 洁:jie 敏:min 雪:xue "
    "慧敏:huimin 若曦:ruoxi 紫萱:zixuan 海燕:haiyan",
    "伟:wei 强:qiang 磊:lei 涛:tao 志远:zhiyuan 建国:jianguo 浩然:haoran 俊杰:junjie "
    "子轩:zixuan 文博:wenbo 海峰:haifeng 国栋:guodong 明辉:minghui 家豪:jiahao "
    "宇航:yuhang 天佑:tianyou 鹏飞:pengfei 晓东:xiaodong 一鸣:yiming 嘉诚:jiacheng "
    "斌:bin 军:jun 凯:kai 波:bo",
    "王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 赵:zhao 黄:huang 周:zhou 吴:wu "
    "徐:xu 孙:sun 胡:hu 朱:zhu 高:gao 林:lin 何:he 郭:guo 马:ma 罗:luo 梁:liang "
    "宋:song 郑:zheng 谢:xie 韩:han 唐:tang 冯:feng 于:yu 董:dong 萧:xiao 程:cheng "
    "曹:cao 袁:yuan 邓:deng 许:xu 傅:fu 沈:shen 曾:zeng 彭:peng 吕:lyu 苏:su 卢:lu "
    "蒋:jiang 蔡:cai 贾:jia 丁:ding 魏:wei 薛:xue",
    "云:yun 星:xing 海:hai 启:qi 安:an 宏:hong 瑞:rui 嘉:jia 新:xin 盛:sheng 青:qing "
    "远:yuan",
    "达:da 联:lian 辰:chen 和:he 图:tu 桥:qiao 恒:heng 源:yuan 策:ce 拓:tuo 禾:he "
    "岚:lan",
    (
        "软件:software 数据:data 网络:networks 智能科技:smart",
        "咨询:consulting 财务:accounts 法律服务:legal 人力资源:staff",
        "口腔诊所:dental 医疗:medical 眼镜:optics",
        "教育:education 语言培训:language 幼儿园:kindergarten",
        "酒店:hotel 餐饮:catering 咖啡:coffee 宾馆:inn",
        "书店:books 户外用品:outdoor 家居:home",
        "机械:machinery 包装:packaging 仪器:instruments 陶瓷:ceramics",
        "建筑:construction 建筑设计:architects 装饰:interiors",
        "设计:design 文化传播:media 影视:films 印刷:print",
        "物流:logistics 货运:freight 仓储:storage",
    ),
    "{stem}{trade}",
)
LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE)
